import type { User } from "../../model/user.ts";
import type { Sql } from "../sql.ts";
import { toUser, type UserRow } from "./user-row.ts";

/** Lists a customer's people in the order in which they were made, from behind `after`. */
export async function listUsers(sql: Sql, customerCode: string, after: string | null, limit: number): Promise<User[]> {
  const rows = await sql<UserRow>`
    select user_id, email, name, role, created_at, updated_at from app_user
     where customer_code = ${customerCode} and user_id > ${after ?? "00000000-0000-0000-0000-000000000000"}::uuid
     order by user_id limit ${limit}`;
  return rows.map(toUser);
}
