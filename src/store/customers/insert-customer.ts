import type { Sql } from "../sql.ts";

/**
 * Writes a new customer, without people or keys.
 *
 * @returns false where the code is taken.
 */
export async function insertCustomer(sql: Sql, customerCode: string): Promise<boolean> {
  const rows = await sql`
    insert into customer (customer_code) values (${customerCode}) on conflict do nothing returning customer_code`;
  return rows.length === 1;
}
