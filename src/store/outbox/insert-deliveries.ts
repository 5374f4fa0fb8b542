import type { DeliveryContent, DeliveryKind } from "../../model/delivery.ts";
import type { WebhookEvent } from "../../model/telling.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** Something that is to be sent to one destination. */
export interface NewDelivery {
  readonly deliveryId: string;
  readonly customerCode: string;
  readonly kind: DeliveryKind;
  readonly lane: string;
  readonly event: WebhookEvent;
  readonly destination: string;
  readonly jobDefinitionCode: string | null;
  readonly jobDay: string | null;
  readonly jobId: string | null;
  readonly content: DeliveryContent;
}

/** Writes what is to be sent, in one statement. */
export async function insertDeliveries(sql: Sql, deliveries: readonly NewDelivery[]): Promise<void> {
  await sql`
    insert into delivery (delivery_id, customer_code, kind, lane, event, destination, job_definition_code, job_day,
                          job_id, content, due_at, created_at)
    select id, customer_code, kind, lane, event, destination, code, job_day, job_id, content, app_now(), app_now()
      from rows from (unnest(
        ${deliveries.map((one) => one.deliveryId)}::uuid[],
        ${deliveries.map((one) => one.customerCode)}::text[],
        ${deliveries.map((one) => one.kind)}::text[],
        ${deliveries.map((one) => one.lane)}::text[],
        ${deliveries.map((one) => one.event)}::text[],
        ${deliveries.map((one) => one.destination)}::text[],
        ${deliveries.map((one) => one.jobDefinitionCode)}::text[],
        ${deliveries.map((one) => one.jobDay)}::date[],
        ${deliveries.map((one) => one.jobId)}::uuid[]
      ), json_array_elements(${jsonArray(deliveries.map((one) => JSON.stringify(one.content)))}::text::json)
      ) as d (id, customer_code, kind, lane, event, destination, code, job_day, job_id, content)`;
}
