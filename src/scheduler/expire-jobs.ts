/**
 * Fails jobs that have waited in the queue for longer than their `queueTimeoutSeconds`, or for their next attempt until after
 * their `retry.totalSeconds`.
 *
 * Invariant: an attempt that has begun does not expire here, also where it has to run again; it has a limit of its own.
 */
import type { Context } from "../domain/context.ts";
import { expireJobs } from "../domain/expire-jobs.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 1_000;

/** Makes the service. */
export function createExpireJobs(context: Context): Service {
  return service("expire-jobs", { everyMs }, context.log, async () => {
    await expireJobs(context);
  });
}
