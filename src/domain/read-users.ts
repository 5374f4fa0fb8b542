import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/errors.ts";
import type { User } from "../model/user.ts";
import { findUser } from "../store/users/find-user.ts";
import { listUsers } from "../store/users/list-users.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./read-patiently.ts";

/** Lists a customer's people, from behind `after`. */
export async function findUsers(context: Context, actor: Actor, after: string | null, limit: number): Promise<User[]> {
  return readPatiently(context.database, (sql) => listUsers(sql, actor.customerCode, after, limit));
}

/** Reads one person. @throws ApiError NOT_FOUND */
export async function getUser(context: Context, actor: Actor, userId: string): Promise<User> {
  const user = await readPatiently(context.database, (sql) => findUser(sql, actor.customerCode, userId));
  if (!user) throw notFound("user", userId);
  return user;
}
