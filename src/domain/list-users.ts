import type { Actor } from "../model/actor.ts";
import type { User } from "../model/user.ts";
import { listUsers as list } from "../store/users/list-users.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists a customer's people, from behind `after`. @throws ApiError UNAVAILABLE */
export async function listUsers(context: Context, actor: Actor, after: string | null, limit: number): Promise<User[]> {
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, after, limit));
}
