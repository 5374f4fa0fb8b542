import type { ClaimedDelivery } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";

/**
 * Takes due deliveries under a lease, of each lane its share, oldest first. Rows that another node is taking are passed over; one
 * whose lease has run out is due again.
 */
export async function claimDeliveries(
  sql: Sql,
  request: { lease: string; leaseSeconds: number; shares: ReadonlyMap<string, number> },
): Promise<ClaimedDelivery[]> {
  return sql<ClaimedDelivery>`
    with share as (
      select * from unnest(${[...request.shares.keys()]}::text[], ${[...request.shares.values()]}::integer[])
                    as s (lane, rows)
    ), taken as materialized (
      select picked.delivery_id from share cross join lateral (
        select d.delivery_id from delivery d
         where d.state = 'waiting' and d.lane = share.lane and d.due_at <= app_now()
         order by d.due_at limit share.rows
         for update skip locked
      ) picked
    )
    update delivery d
       set lease = ${request.lease}::uuid, due_at = app_now() + ${request.leaseSeconds}::integer * interval '1 s',
           attempts = d.attempts + 1, first_tried_at = coalesce(d.first_tried_at, app_now())
      from taken where d.delivery_id = taken.delivery_id
    returning d.delivery_id as "deliveryId", d.customer_code as "customerCode", d.kind, d.lane, d.event, d.destination,
              d.content, d.attempts, d.lease`;
}
