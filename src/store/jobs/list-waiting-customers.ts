import type { WaitingCustomer } from "../../model/fair-shares.ts";
import type { Sql } from "../sql.ts";

/** Whose jobs are ready, and whether the database has but one customer. */
export interface WaitingCustomers {
  readonly customers: readonly WaitingCustomer[];
  readonly alone: "alone" | "among others";
}

/**
 * Finds customers that have ready jobs, at most `limit`, from the one after `startAfter` and around.
 *
 * A loose index scan (https://wiki.postgresql.org/wiki/Loose_indexscan): it costs a probe per customer, however many jobs wait.
 * Jobs are counted up to an even part of `limit`; whoever has more is met again in the next round.
 */
export async function listWaitingCustomers(sql: Sql, startAfter: string, limit: number): Promise<WaitingCustomers> {
  const rows = await sql<{ customer_code: string; ready: number; alone: boolean }>`
    with recursive after_start as (
      (select customer_code, 1 as position from job_queue
        where state = 'ready' and customer_code > ${startAfter} order by customer_code limit 1)
      union all
      select (select q.customer_code from job_queue q
               where q.state = 'ready' and q.customer_code > a.customer_code order by q.customer_code limit 1),
             a.position + 1
        from after_start a where a.customer_code is not null and a.position < ${limit}
    ), from_first as (
      (select customer_code, 1 as position from job_queue
        where state = 'ready' and customer_code <= ${startAfter}
          -- Where there are enough behind it, none before it is looked for.
          and (select count(*) from after_start where customer_code is not null) < ${limit}
        order by customer_code limit 1)
      union all
      select (select q.customer_code from job_queue q
               where q.state = 'ready' and q.customer_code > f.customer_code
                 and q.customer_code <= ${startAfter} order by q.customer_code limit 1),
             f.position + 1
        from from_first f where f.customer_code is not null and f.position < ${limit}
    ), turn as (
      select customer_code, half, position from (
        select customer_code, 1 as half, position from after_start where customer_code is not null
        union all
        select customer_code, 2, position from from_first where customer_code is not null
      ) both_halves
      order by half, position limit ${limit}
    ), even as (
      select ceil(${limit}::numeric / greatest(count(*), 1))::integer as part from turn
    )
    select t.customer_code,
           (select count(*)::integer from (
             select from job_queue q
              where q.state = 'ready' and q.customer_code = t.customer_code
              -- The order binds the planner to the index: where one customer has nearly all rows, it would read the table.
              order by q.priority, q.run_at, q.id
              limit (select part from even)) counted) as ready,
           not exists (select from customer offset 1) as alone
      from turn t order by t.half, t.position`;
  return {
    customers: rows.map((row) => ({ customerCode: row.customer_code, ready: row.ready })),
    alone: rows[0]?.alone ? "alone" : "among others",
  };
}
