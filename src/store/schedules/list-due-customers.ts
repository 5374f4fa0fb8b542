import type { Sql } from "../sql.ts";
import type { DueCount } from "./sample-due.ts";

/** Customers that one look passes; the next one goes on behind them. */
const atOnce = 1_000;

/**
 * Finds customers of which schedules are due, and how many: a probe per customer, however many schedules they have. Counts end where
 * they are four even shares of `most`, so that midnight of a thousand customers is not counted again for every batch of it.
 *
 * @param startAfter the customer behind which the walk begins
 * @returns with them, the customer behind which the next walk begins; empty where this one reached the end
 */
export async function listDueCustomers(
  sql: Sql,
  startAfter: string,
  most: number,
): Promise<{ counts: DueCount[]; last: string }> {
  const rows = await sql<{ customer_code: string; due: number }>`
    with recursive walk as (
      (select customer_code, 1 as position from schedule
        where next_fire_at is not null and customer_code > ${startAfter} order by customer_code limit 1)
      union all
      select (select s.customer_code from schedule s
               where s.next_fire_at is not null and s.customer_code > w.customer_code
               order by s.customer_code limit 1),
             w.position + 1
        from walk w where w.customer_code is not null and w.position < ${atOnce}
    ), probed as (
      select w.customer_code, w.position, exists (
               select from schedule s where s.customer_code = w.customer_code and s.next_fire_at <= app_now()) as is_due
        from walk w where w.customer_code is not null
    ), shared as (
      select p.*, least(${most}::bigint, 1 + ${most}::bigint * 4 / greatest(1, count(*) filter (where is_due) over ())) as counted
        from probed p
    )
    select p.customer_code,
           case when p.is_due then (select count(*)::integer from (
             select from schedule s
              where s.customer_code = p.customer_code and s.next_fire_at <= app_now()
              order by s.next_fire_at limit p.counted) c) else 0 end as due
      from shared p
     order by p.position`;
  const counts = rows.filter((row) => row.due > 0).map((row) => ({ customerCode: row.customer_code, due: row.due }));
  return { counts, last: rows.length < atOnce ? "" : (rows.at(-1)?.customer_code ?? "") };
}
