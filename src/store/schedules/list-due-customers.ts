import type { Sql } from "../sql.ts";
import type { DueCount } from "./sample-due.ts";

/** Customers that one look passes; the next one goes on behind them. */
const atOnce = 1_000;

/**
 * Finds customers of which schedules are due, and how many, up to `most` each: a probe per customer, however many schedules they have.
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
    )
    select w.customer_code,
           (select count(*)::integer from (
             select from schedule s
              where s.customer_code = w.customer_code and s.next_fire_at <= app_now()
              order by s.next_fire_at limit ${most}) counted) as due
      from walk w where w.customer_code is not null
     order by w.position`;
  const counts = rows.filter((row) => row.due > 0).map((row) => ({ customerCode: row.customer_code, due: row.due }));
  return { counts, last: rows.length < atOnce ? "" : (rows.at(-1)?.customer_code ?? "") };
}
