import type { DeliveryState } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";

/**
 * Writes a failed try, under its lease: the next one comes after a pause, or none where it would come more than a day after the
 * first; what it carried is then no longer needed.
 *
 * @returns what has become of the delivery; undefined where the lease is no longer this one
 */
export async function putOffDelivery(
  sql: Sql,
  held: { deliveryId: string; lease: string },
  answer: string,
  pauseMs: number,
): Promise<DeliveryState | undefined> {
  const [row] = await sql<{ state: DeliveryState }>`
    with try as (
      select delivery_id, app_now() + ${pauseMs}::float8 * interval '1 ms' as next_at,
             app_now() + ${pauseMs}::float8 * interval '1 ms' > first_tried_at + interval '24 hours' as over
        from delivery
       where delivery_id = ${held.deliveryId}::uuid and lease = ${held.lease}::uuid and state = 'waiting'
         for update
    )
    update delivery d
       set state = case when try.over then 'givenUp' else 'waiting' end,
           ended_at = case when try.over then app_now() end,
           content = case when try.over then '{}' else d.content end,
           due_at = try.next_at, answer = ${answer}, lease = null
      from try where d.delivery_id = try.delivery_id
    returning d.state`;
  return row?.state;
}
