import type { Sql } from "../sql.ts";

/** Removes a person and, with it, the person's keys. @returns false where there is none. */
export async function deleteUser(sql: Sql, customerCode: string, userId: string): Promise<boolean> {
  const rows = await sql`
    delete from app_user where customer_code = ${customerCode} and user_id = ${userId}::uuid returning user_id`;
  return rows.length === 1;
}
