import type { AlertNews } from "../../model/delivery.ts";
import { formatJobId } from "../../model/job-id.ts";
import type { Notification, NotificationPosition } from "../../model/notification.ts";
import type { Sql } from "../sql.ts";

interface Row {
  at: Date;
  micros: string;
  row_id: string;
  place: number;
  day: string | null;
  id: string | null;
  alert: AlertNews | null;
  status: "COMPLETED" | "FAILED" | null;
  job_type: string | null;
  job_definition_code: string | null;
  reason: string | null;
  read: boolean;
}

/** Characters of a failure's message. */
const longestMessage = 500;

/**
 * Lists a customer's notifications as one person sees them, newest first, from behind `after`; jobs that have gone with their day are
 * left out.
 */
export async function listNotifications(
  sql: Sql,
  who: { customerCode: string; userId: string },
  which: "all" | "unread",
  after: NotificationPosition | null,
  limit: number,
): Promise<(Notification & { position: NotificationPosition })[]> {
  const rows = await sql<Row>`
    with person as materialized (
      select coalesce((select read_until from notification_reader where user_id = ${who.userId}::uuid),
                      (select created_at from app_user where user_id = ${who.userId}::uuid)) as read_until
    )
    select n.at, (extract(epoch from n.at) * 1000000)::bigint::text as micros, n.notification_id as row_id,
           p.place::integer as place, p.day, p.id, n.alert, j.status, j.job_type, j.job_definition_code,
           left(j.error ->> 'message', ${longestMessage}) as reason,
           n.at <= (select read_until from person) or r.user_id is not null as read
      from notification n
     cross join lateral (
       select day, id, place from unnest(n.job_days, n.job_ids) with ordinality as u (day, id, place)
       union all
       select null, null, 1 where n.alert is not null
     ) p
      left join job j on j.customer_code = n.customer_code and j.day = p.day and j.id = p.id
      left join notification_read r
             on r.user_id = ${who.userId}::uuid and r.notification_id = coalesce(p.id, n.notification_id)
     where n.customer_code = ${who.customerCode}
       and n.at > case when ${which} = 'unread' then (select read_until from person) else '-infinity' end
       and (${after?.micros ?? null}::text is null
            or n.at < timestamptz 'epoch' + ${after?.micros ?? null}::bigint * interval '1 microsecond'
            or n.at = timestamptz 'epoch' + ${after?.micros ?? null}::bigint * interval '1 microsecond'
               and (n.notification_id < ${after?.rowId ?? null}::uuid
                    or n.notification_id = ${after?.rowId ?? null}::uuid and p.place > ${after?.place ?? null}::integer))
       and n.at <= case when ${after?.micros ?? null}::text is null then 'infinity'
                        else timestamptz 'epoch' + ${after?.micros ?? null}::bigint * interval '1 microsecond' end
       and (n.alert is not null or j.id is not null)
       and (${which} = 'all' or r.user_id is null)
     order by n.at desc, n.notification_id desc, p.place
     limit ${limit}`;
  return rows.map(toNotification);
}

function messageOf({ message, heldBack }: AlertNews): string {
  if (heldBack === 0) return message;
  return `${message} ${heldBack} more ${heldBack === 1 ? "was" : "were"} held back.`;
}

function toNotification(row: Row): Notification & { position: NotificationPosition } {
  const { day, id, alert, at, read } = row;
  const position = { micros: row.micros, rowId: row.row_id, place: row.place };
  if (alert) {
    return {
      notificationId: row.row_id,
      kind: "alert",
      at,
      message: messageOf(alert),
      alert: alert.kind,
      jobId: alert.jobId,
      jobType: null,
      jobDefinitionCode: alert.jobDefinitionCode,
      read,
      position,
    };
  }
  const jobId = formatJobId({ day: day ?? "", id: id ?? "" });
  const hasFailed = row.status === "FAILED";
  return {
    notificationId: jobId,
    kind: hasFailed ? "failed" : "completed",
    at,
    message: hasFailed ? (row.reason ?? "The job failed.") : "The job completed.",
    alert: null,
    jobId,
    jobType: row.job_type,
    jobDefinitionCode: row.job_definition_code,
    read,
    position,
  };
}
