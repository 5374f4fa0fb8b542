import type { AuditEvent } from "../../model/audit-event.ts";
import type { Sql } from "../sql.ts";

/** Lists a customer's events, newest first, from behind `before`. */
export async function listAuditEvents(
  sql: Sql,
  customerCode: string,
  before: string | null,
  limit: number,
): Promise<AuditEvent[]> {
  return sql<AuditEvent>`
    select audit_event_id as "auditEventId", at, actor, action, subject, details
      from audit_event
     where customer_code = ${customerCode}
       and audit_event_id < ${before ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid
     order by audit_event_id desc limit ${limit}`;
}
