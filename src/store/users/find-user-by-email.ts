import type { User } from "../../model/user.ts";
import type { Sql } from "../sql.ts";
import { toUser, type UserRow } from "./user-row.ts";

/** Reads the person with an address, in whatever case. */
export async function findUserByEmail(sql: Sql, customerCode: string, email: string): Promise<User | undefined> {
  const [row] = await sql<UserRow>`
    select user_id, email, name, role, created_at, updated_at from app_user
     where customer_code = ${customerCode} and lower(email) = lower(${email})`;
  return row && toUser(row);
}
