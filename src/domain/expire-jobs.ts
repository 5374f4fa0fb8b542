import type { JobFailure } from "../model/job.ts";
import { expireQueuedJobs } from "../store/jobs/expire-queued-jobs.ts";
import { groupsOf } from "../store/jobs/left-place.ts";
import type { Context } from "./context.ts";

const atOnce = 1_000;

const waitedTooLong: JobFailure = {
  code: "TIMED_OUT",
  message: "The job waited in the queue for longer than queueTimeoutSeconds, and was not started.",
  retryable: false,
  details: {},
};

/** Fails jobs that have waited in the queue for longer than they may. @returns how many */
export async function expireJobs(context: Context): Promise<number> {
  const { database, events, admitter } = context;
  let expired = 0;
  for (;;) {
    const left = await expireQueuedJobs(database.sql, JSON.stringify(waitedTooLong), atOnce);
    expired += left.length;
    for (const { id } of left) events.emit("jobEnded", id);
    admitter.admit(groupsOf(left));
    if (left.length < atOnce) return expired;
  }
}
