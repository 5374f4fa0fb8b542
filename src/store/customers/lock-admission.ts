import type { Sql } from "../sql.ts";

/** Locks the admission of customers until the transaction ends; in sorted order, so that two cannot wait for each other. */
export async function lockAdmission(sql: Sql, customerCodes: readonly string[]): Promise<void> {
  await sql`
    select from customer where customer_code = any (${customerCodes}::text[])
     order by customer_code for no key update`;
}
