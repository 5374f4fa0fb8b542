import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** Marks notifications of a customer as read by a person: those of the jobs, and the alerts; what is not there is passed over. */
export async function markRead(
  sql: Sql,
  who: { customerCode: string; userId: string },
  jobs: readonly JobKey[],
  alerts: readonly string[],
): Promise<void> {
  await sql`
    insert into notification_read (user_id, notification_id, at)
    select ${who.userId}::uuid, j.id, j.finished_at
      from unnest(${jobs.map((job) => job.day)}::date[], ${jobs.map((job) => job.id)}::uuid[]) as k (day, id)
      join job j on j.customer_code = ${who.customerCode} and j.day = k.day and j.id = k.id
     where j.notifies and j.finished_at is not null
    union
    select ${who.userId}::uuid, notification_id, at from notification
     where notification_id = any (${alerts}::uuid[]) and alert is not null and customer_code = ${who.customerCode}
    on conflict do nothing`;
}
