import type { JobFailure } from "../model/job.ts";
import { cancelJobs } from "../store/jobs/cancel-job.ts";
import { lockExpiredWaits } from "../store/jobs/lock-expired-waits.ts";
import type { Context } from "./context.ts";
import { announceCancelled, type CancelledJob, cancelDescendants } from "./steps/cancel-tree.ts";

const atOnce = 100;

const parentTimedOut = JSON.stringify({
  code: "CANCELLED",
  message: "The job was cancelled because the job that started it had waited longer than its waitTimeoutSeconds.",
  retryable: false,
  details: {},
} satisfies JobFailure);

/** Fails jobs that have waited for their children longer than `waitTimeoutSeconds`, and cancels those children. */
export async function expireWaits(context: Context): Promise<void> {
  for (;;) {
    const expired = await context.database.transaction(async (sql) => {
      const all: CancelledJob[] = [];
      for (const { id, customerCode, waitTimeoutSeconds } of await lockExpiredWaits(sql, atOnce)) {
        all.push(...(await cancelJobs(sql, customerCode, [id], JSON.stringify(timedOut(waitTimeoutSeconds)))));
      }
      return all;
    });
    await announceCancelled(context, expired);
    for (const { customerCode, id } of expired) {
      await cancelDescendants(context, { customerCode, parents: [id], error: parentTimedOut });
    }
    if (expired.length < atOnce) return;
  }
}

function timedOut(seconds: number): JobFailure {
  return {
    code: "TIMED_OUT",
    message: `The job waited for its children longer than waitTimeoutSeconds, ${seconds} s; they were cancelled.`,
    retryable: false,
    details: { waitTimeoutSeconds: seconds },
  };
}
