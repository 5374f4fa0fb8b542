import type { Sql } from "../sql.ts";

/** Bytes of a row at least: a table that is too small to hold a long queue holds none. */
const smallestRow = 100;

/**
 * Customers that have as many unfinished jobs as they may: `max_queued`, or `most` where it is not set.
 *
 * It costs a probe per customer that has jobs, and of each as many entries of an index as make its queue a long one; while the whole
 * table is smaller than that, it costs nothing.
 */
export async function listLongQueues(sql: Sql, most: number): Promise<string[]> {
  const rows = await sql<{ customer_code: string }>`
    with recursive shortest as (
      select from (select least(${most}::bigint, (select min(max_queued) from customer)) as jobs) limit_of_one
       where pg_relation_size('job_queue') >= jobs * ${smallestRow}::bigint
    ), holder as (
      (select first.customer_code
         from shortest cross join lateral (
           select customer_code from job_queue order by customer_code, day, id limit 1) first)
      union all
      select (select q.customer_code from job_queue q
               where q.customer_code > h.customer_code order by q.customer_code, q.day, q.id limit 1)
        from holder h where h.customer_code is not null
    )
    select c.customer_code
      from holder h join customer c on c.customer_code = h.customer_code
     where exists (select from job_queue q where q.customer_code = c.customer_code
                    order by q.day, q.id offset coalesce(c.max_queued, ${most}::bigint) - 1)`;
  return rows.map((row) => row.customer_code);
}
