import type { Sql } from "../sql.ts";

/** Whether any customer exists: a database without one has just been made. */
export async function hasCustomers(sql: Sql): Promise<boolean> {
  const rows = await sql`select from customer limit 1`;
  return rows.length > 0;
}
