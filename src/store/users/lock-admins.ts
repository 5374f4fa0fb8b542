import type { Sql } from "../sql.ts";

/** Locks a customer's admins until the transaction ends and answers their ids, so that the last one cannot go twice at once. */
export async function lockAdmins(sql: Sql, customerCode: string): Promise<string[]> {
  const rows = await sql<{ user_id: string }>`
    select user_id from app_user where customer_code = ${customerCode} and role = 'admin' order by user_id for update`;
  return rows.map((row) => row.user_id);
}
