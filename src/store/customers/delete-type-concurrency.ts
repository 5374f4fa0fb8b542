import type { Sql } from "../sql.ts";

/** Takes away the limit of one type. */
export async function deleteTypeConcurrency(sql: Sql, customerCode: string, jobType: string): Promise<void> {
  await sql`delete from customer_type_limit where customer_code = ${customerCode} and job_type = ${jobType}`;
}
