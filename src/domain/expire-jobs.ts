import type { JobFailure } from "../model/job.ts";
import { expireQueuedJobs } from "../store/jobs/expire-queued-jobs.ts";
import type { Context } from "./context.ts";
import { announceEnded } from "./steps/announce-ended.ts";

const atOnce = 1_000;

const waitedTooLong: JobFailure = {
  code: "TIMED_OUT",
  message: "The job waited in the queue for longer than queueTimeoutSeconds, and was not started.",
  retryable: false,
  details: {},
};

const retriedTooLate: JobFailure = {
  code: "TIMED_OUT",
  message:
    "The next attempt did not get its turn before retry.totalSeconds were over; the attempts tell what had failed.",
  retryable: false,
  details: {},
};

const errors = { unstarted: JSON.stringify(waitedTooLong), unretried: JSON.stringify(retriedTooLate) };

/** Fails jobs that have waited in the queue for longer than they may. @returns how many */
export async function expireJobs(context: Context): Promise<number> {
  let expired = 0;
  for (;;) {
    const ended = await expireQueuedJobs(context.database.sql, errors, atOnce);
    expired += ended.length;
    await announceEnded(context, ended);
    if (ended.length < atOnce) return expired;
  }
}
