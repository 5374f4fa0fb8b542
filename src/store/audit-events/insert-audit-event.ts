import type { JsonObject } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

/** Writes what was done; always in the transaction of the write itself. */
export async function insertAuditEvent(
  sql: Sql,
  customerCode: string,
  event: { auditEventId: string; actor: string; action: string; subject: string; details: JsonObject | null },
): Promise<void> {
  await sql`
    insert into audit_event (customer_code, audit_event_id, actor, action, subject, details)
    values (${customerCode}, ${event.auditEventId}::uuid, ${event.actor}, ${event.action}, ${event.subject},
            ${event.details === null ? null : JSON.stringify(event.details)}::text::json)`;
}
