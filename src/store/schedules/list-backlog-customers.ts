import type { Sql } from "../sql.ts";

/** Customers that have something put aside which may be settled, at most `limit`, from the one after `startAfter`; a loose index scan. */
export async function listBacklogCustomers(sql: Sql, startAfter: string, limit: number): Promise<string[]> {
  const rows = await sql<{ customer_code: string }>`
    with recursive walk as (
      (select customer_code, 1 as position from schedule_backlog
        where customer_code > ${startAfter} order by customer_code limit 1)
      union all
      select (select b.customer_code from schedule_backlog b
               where b.customer_code > w.customer_code order by b.customer_code limit 1),
             w.position + 1
        from walk w where w.customer_code is not null and w.position < ${limit}
    )
    select w.customer_code from walk w
     where exists (select from schedule_backlog b
                    where b.customer_code = w.customer_code and b.due_at <= app_now())
     order by w.position`;
  return rows.map((row) => row.customer_code);
}
