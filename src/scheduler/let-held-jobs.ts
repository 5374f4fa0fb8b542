/**
 * The sweep of held jobs: finds those that nobody let go although what they waited for has ended, or has had its time to.
 *
 * Invariant: every definition with held jobs has its turn, a thousand at a time; every node may run this at once.
 */
import type { Context } from "../domain/context.ts";
import { firstUuid } from "../model/job-id.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 1_000;
/** Definitions that one sweep looks at. */
const atOnce = 1_000;

/** Makes the service. */
export function createLetHeldJobs(context: Context): Service {
  let startAfter = firstUuid;
  return service("let-held-jobs", { everyMs }, context.log, async () => {
    startAfter = await context.holds.sweep(startAfter, atOnce);
  });
}
