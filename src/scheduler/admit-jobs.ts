/**
 * The sweep of admission: finds blocked jobs that nobody let through although a limit has room.
 *
 * Invariants: every customer with blocked jobs has its turn, a hundred at a time; a sweep counts under the same locks as any
 * admission, so it can exceed no limit.
 */
import type { Context } from "../domain/context.ts";
import { sweepBlockedJobs } from "../domain/sweep-blocked-jobs.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 1_000;

/** Makes the service. */
export function createAdmitJobs(context: Context): Service {
  let startAfter = "";
  return service("admit-jobs", { everyMs }, context.log, async () => {
    startAfter = await sweepBlockedJobs(context, startAfter);
  });
}
