import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** Whether a customer has that job. */
export async function hasJob(sql: Sql, customerCode: string, key: JobKey): Promise<boolean> {
  const rows = await sql`
    select from job where customer_code = ${customerCode} and day = ${key.day}::date and id = ${key.id}::uuid`;
  return rows.length > 0;
}
