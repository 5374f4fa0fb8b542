import type { Delivery } from "../../model/delivery.ts";
import type { Sql } from "../sql.ts";
import { type DeliveryRow, toDelivery } from "./delivery-row.ts";

/** Lists a customer's deliveries, newest first, from behind `before`. */
export async function listDeliveries(
  sql: Sql,
  customerCode: string,
  before: string | null,
  limit: number,
): Promise<Delivery[]> {
  const rows = await sql<DeliveryRow>`
    select delivery_id as "deliveryId", kind, event, destination, job_day, job_id,
           job_definition_code as "jobDefinitionCode", state, attempts, answer, created_at as "createdAt",
           case when state = 'waiting' then due_at end as "nextAttemptAt", ended_at as "endedAt"
      from delivery
     where customer_code = ${customerCode} and delivery_id < ${before ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid
     order by delivery_id desc limit ${limit}`;
  return rows.map(toDelivery);
}
