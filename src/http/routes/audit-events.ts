import { listAuditEvents } from "../../domain/list-audit-events.ts";
import { uuidPattern } from "../../model/job-id.ts";
import { AuditEventList } from "../../schemas/audit-events.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { page, readCursor } from "../cursor.ts";
import { ok, route } from "../route.ts";

const list = "auditEvents";

/** For admins who ask who changed what, and when. */
export const listAuditEventsRoute = route({
  method: "GET",
  url: "/audit-events",
  role: "admin",
  summary: "List what was written, newest first",
  query: closed(Page),
  answers: { 200: AuditEventList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const before = readCursor(list, query.cursor, uuidPattern);
    const found = await listAuditEvents(context, actor, before ?? null, limit + 1);
    const { items, nextCursor } = page(list, found, limit, (event) => event.auditEventId);
    return ok({ auditEvents: items, nextCursor });
  },
});
