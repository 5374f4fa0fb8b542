import type { DeliveryKind } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";

/** Lists the customers that have something of a kind due, in order. It goes from customer to customer by the index. */
export async function listDueCustomers(sql: Sql, kind: DeliveryKind): Promise<string[]> {
  const rows = await sql<{ code: string }>`
    with recursive customer (code) as (
      select (select customer_code from delivery where state = 'waiting' and kind = ${kind} order by customer_code limit 1)
      union all
      select (select d.customer_code from delivery d
               where d.state = 'waiting' and d.kind = ${kind} and d.customer_code > customer.code
               order by d.customer_code limit 1)
        from customer where customer.code is not null
    )
    select code from customer
     where code is not null
       and exists (select from delivery d where d.state = 'waiting' and d.kind = ${kind} and d.customer_code = code
                                            and d.due_at <= app_now())`;
  return rows.map((row) => row.code);
}
