import type { Actor } from "../model/actor.ts";
import type { AuditEvent } from "../model/audit-event.ts";
import { listAuditEvents as list } from "../store/audit-events/list-audit-events.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists what was written, newest first, from behind `before`. */
export async function listAuditEvents(
  context: Context,
  actor: Actor,
  before: string | null,
  limit: number,
): Promise<AuditEvent[]> {
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, before, limit));
}
