/**
 * Removes jobs and the ledger of schedules when they have been kept long enough, and audit events after 400 days.
 *
 * Invariant: every node may run this at once, and one that is killed in the middle leaves nothing that the next run does not
 * take up.
 */
import { createRetention } from "../domain/apply-retention.ts";
import type { Context } from "../domain/context.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 10 * 60_000;

/** Makes the service. */
export function createApplyRetention(context: Context): Service {
  const retention = createRetention(context);
  return service("apply-retention", { everyMs }, context.log, retention.apply);
}
