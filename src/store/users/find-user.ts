import type { User } from "../../model/user.ts";
import type { Sql } from "../sql.ts";
import { toUser, type UserRow } from "./user-row.ts";

/** Reads one person of a customer. */
export async function findUser(sql: Sql, customerCode: string, userId: string): Promise<User | undefined> {
  const [row] = await sql<UserRow>`
    select user_id, email, name, role, created_at, updated_at from app_user
     where customer_code = ${customerCode} and user_id = ${userId}::uuid`;
  return row && toUser(row);
}
