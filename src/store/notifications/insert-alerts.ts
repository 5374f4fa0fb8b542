import type { AlertNews } from "../../model/delivery.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** Writes the notifications of alerts. */
export async function insertAlerts(
  sql: Sql,
  alerts: readonly { customerCode: string; notificationId: string; alert: AlertNews }[],
): Promise<void> {
  await sql`
    insert into notification (customer_code, at, notification_id, alert)
    select customer_code, app_now(), id, alert
      from rows from (unnest(
        ${alerts.map((one) => one.customerCode)}::text[],
        ${alerts.map((one) => one.notificationId)}::uuid[]
      ), json_array_elements(${jsonArray(alerts.map((one) => JSON.stringify(one.alert)))}::text::json)
      ) as a (customer_code, id, alert)`;
}
