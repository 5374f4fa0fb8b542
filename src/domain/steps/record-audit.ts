import type { Actor } from "../../model/actor.ts";
import type { JsonObject } from "../../model/job.ts";
import type { Clock } from "../../runtime/clock.ts";
import { insertAuditEvent } from "../../store/audit-events/insert-audit-event.ts";
import type { Sql } from "../../store/sql.ts";

/** Writes into the audit, in the transaction of the write itself, who did what to which thing. */
export async function recordAudit(
  sql: Sql,
  clock: Clock,
  actor: Pick<Actor, "customerCode" | "email">,
  action: string,
  subject: string,
  details: JsonObject | null = null,
): Promise<void> {
  await insertAuditEvent(sql, actor.customerCode, {
    auditEventId: clock.newId(),
    actor: actor.email,
    action,
    subject,
    details,
  });
}
