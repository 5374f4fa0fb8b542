import type { Sql } from "../sql.ts";

/**
 * Walks `limit` customers that have something put aside, from the one after `startAfter`; a loose index scan.
 *
 * @returns those of which something may be settled now, and the customer behind which the next walk begins; empty where this
 * one reached the end
 */
export async function listBacklogCustomers(
  sql: Sql,
  startAfter: string,
  limit: number,
): Promise<{ due: string[]; last: string }> {
  const rows = await sql<{ customer_code: string; is_due: boolean }>`
    with recursive walk as (
      (select customer_code, 1 as position from schedule_backlog
        where customer_code > ${startAfter} order by customer_code limit 1)
      union all
      select (select b.customer_code from schedule_backlog b
               where b.customer_code > w.customer_code order by b.customer_code limit 1),
             w.position + 1
        from walk w where w.customer_code is not null and w.position < ${limit}
    )
    select w.customer_code, exists (select from schedule_backlog b
                                     where b.customer_code = w.customer_code and b.due_at <= app_now()) as is_due
      from walk w where w.customer_code is not null
     order by w.position`;
  const due = rows.filter((row) => row.is_due).map((row) => row.customer_code);
  return { due, last: rows.length < limit ? "" : (rows.at(-1)?.customer_code ?? "") };
}
