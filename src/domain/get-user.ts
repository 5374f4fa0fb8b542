import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { User } from "../model/user.ts";
import { findUser } from "../store/users/find-user.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Reads one person. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function getUser(context: Context, actor: Actor, userId: string): Promise<User> {
  const user = await readPatiently(context.database, (sql) => findUser(sql, actor.customerCode, userId));
  if (!user) throw notFound("user", userId);
  return user;
}
