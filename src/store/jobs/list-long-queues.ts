import type { Sql } from "../sql.ts";

/** Customers that have as many unfinished jobs as they may: `max_queued`, or `most` where it is not set. */
export async function listLongQueues(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ customer_code: string }>`
    select q.customer_code
      from (select customer_code, count(*) as length from job_queue group by customer_code) q
      join customer c using (customer_code)
     where q.length >= coalesce(c.max_queued, ${most}::integer)`;
  return rows.map((row) => row.customer_code);
}
