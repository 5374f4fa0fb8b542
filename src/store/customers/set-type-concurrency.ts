import type { Sql } from "../sql.ts";

/** Sets how many jobs of one type a customer may have running at once. @returns false where there is no such customer */
export async function setTypeConcurrency(
  sql: Sql,
  customerCode: string,
  jobType: string,
  most: number,
): Promise<boolean> {
  const rows = await sql`
    insert into customer_type_limit (customer_code, job_type, max_concurrent)
    select customer_code, ${jobType}, ${most}::integer from customer where customer_code = ${customerCode}
    on conflict (customer_code, job_type) do update set max_concurrent = excluded.max_concurrent, limited_at = app_now()
    returning customer_code`;
  return rows.length === 1;
}
