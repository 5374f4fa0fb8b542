import type { Sql } from "../sql.ts";

/** Sets how many jobs of a customer may run at once; null is no limit. @returns false where there is no such customer */
export async function setCustomerConcurrency(sql: Sql, customerCode: string, most: number | null): Promise<boolean> {
  const rows = await sql`
    update customer set max_concurrent = ${most}::integer, limited_at = app_now() where customer_code = ${customerCode} returning customer_code`;
  return rows.length === 1;
}
