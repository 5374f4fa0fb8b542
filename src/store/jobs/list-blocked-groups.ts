import type { Sql } from "../sql.ts";
import type { AdmissionGroup } from "./admit-jobs.ts";

/** Customers that have blocked jobs, at most `limit`, from the one after `startAfter`; a loose index scan. */
export async function listBlockedGroups(sql: Sql, startAfter: string, limit: number): Promise<AdmissionGroup[]> {
  const rows = await sql<{ customer_code: string }>`
    with recursive walk as (
      (select customer_code, 1 as position from job_queue
        where state = 'blocked' and customer_code > ${startAfter} order by customer_code limit 1)
      union all
      select (select q.customer_code from job_queue q
               where q.state = 'blocked' and q.customer_code > w.customer_code order by q.customer_code limit 1),
             w.position + 1
        from walk w where w.customer_code is not null and w.position < ${limit}
    )
    select customer_code from walk where customer_code is not null order by position`;
  return rows.map((row) => ({ customerCode: row.customer_code, definitionId: null, concurrencyKey: null }));
}
