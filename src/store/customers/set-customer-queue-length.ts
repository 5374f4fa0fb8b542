import type { Sql } from "../sql.ts";

/** Sets how many unfinished jobs a customer may have; null is the default. @returns false where there is no such customer */
export async function setCustomerQueueLength(sql: Sql, customerCode: string, most: number | null): Promise<boolean> {
  const rows = await sql`
    update customer set max_queued = ${most}::integer where customer_code = ${customerCode} returning customer_code`;
  return rows.length === 1;
}
