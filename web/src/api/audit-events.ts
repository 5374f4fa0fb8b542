/** `/audit-events` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { AuditEventList } from "../../../src/schemas/audit-events.ts";
import { request } from "./request.ts";

/** One thing that somebody wrote. */
export type AuditEvent = Static<typeof AuditEventList>["auditEvents"][number];

/** The last 200 things that were written; for admins. */
export const auditEventsQuery = queryOptions({
  queryKey: ["audit-events"],
  queryFn: async ({ signal }) =>
    (await request<Static<typeof AuditEventList>>("GET", "/audit-events", { query: { limit: 200 }, signal }))
      .auditEvents,
});
