/**
 * Fails jobs that have waited in the queue for longer than their `queueTimeoutSeconds`.
 *
 * Invariant: a job that has started once does not expire here: its attempts and its retries have limits of their own.
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
