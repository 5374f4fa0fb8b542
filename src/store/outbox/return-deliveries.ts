import type { Sql } from "../sql.ts";

/** Gives back deliveries that were claimed and not tried to the end: they are due at once, and the try does not count. */
export async function returnDeliveries(
  sql: Sql,
  deliveryIds: readonly string[],
  leases: readonly string[],
): Promise<void> {
  await sql`
    update delivery d
       set lease = null, due_at = app_now(), attempts = d.attempts - 1
      from unnest(${deliveryIds}::uuid[], ${leases}::uuid[]) as held (delivery_id, lease)
     where d.delivery_id = held.delivery_id and d.lease = held.lease and d.state = 'waiting'`;
}
