import type { JobFailure } from "../model/job.ts";
import { lockExpiredWaits } from "../store/jobs/lock-expired-waits.ts";
import type { Context } from "./context.ts";
import { announceCancelled, type CancelledJob, cancelTree } from "./steps/cancel-tree.ts";

/** In one transaction: each may have a tree of descendants. */
const atOnce = 20;

const parentTimedOut = JSON.stringify({
  code: "CANCELLED",
  message: "The job was cancelled because the job that started it had waited longer than its waitTimeoutSeconds.",
  retryable: false,
  details: {},
} satisfies JobFailure);

/** Fails jobs that have waited for their children longer than `waitTimeoutSeconds`, and cancels those children. */
export async function expireWaits(context: Context): Promise<void> {
  for (;;) {
    const cancelled = await context.database.transaction(async (sql) => {
      const all: CancelledJob[][] = [];
      for (const wait of await lockExpiredWaits(sql, atOnce)) {
        const error = JSON.stringify(timedOut(wait.waitTimeoutSeconds));
        all.push(await cancelTree(sql, wait.customerCode, wait.id, error, parentTimedOut));
      }
      return all;
    });
    await announceCancelled(context, cancelled.flat());
    if (cancelled.length < atOnce) return;
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
