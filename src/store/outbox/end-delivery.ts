import type { Sql } from "../sql.ts";

/**
 * Writes how a delivery ended, under its lease; what it carried is no longer needed.
 *
 * @returns false where the lease is no longer this one
 */
export async function endDelivery(
  sql: Sql,
  held: { deliveryId: string; lease: string },
  state: "delivered" | "givenUp",
  answer: string,
): Promise<boolean> {
  const rows = await sql`
    update delivery
       set state = ${state}, answer = ${answer}, ended_at = app_now(), lease = null, content = '{}'
     where delivery_id = ${held.deliveryId}::uuid and lease = ${held.lease}::uuid and state = 'waiting'
    returning 1 as ended`;
  return rows.length === 1;
}
