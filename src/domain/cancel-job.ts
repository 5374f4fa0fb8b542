import type { Actor } from "../model/actor.ts";
import { conflict, notFound } from "../model/errors.ts";
import type { Job, JobFailure } from "../model/job.ts";
import { parseJobId } from "../model/job-id.ts";
import { cancelJob as cancel } from "../store/jobs/cancel-job.ts";
import { groupsOf } from "../store/jobs/left-place.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./in-transaction.ts";
import { getJob } from "./read-jobs.ts";
import { recordAudit } from "./record-audit.ts";

/** Why a cancelled job failed. */
function cancelledBy(by: string): JobFailure {
  return { code: "CANCELLED", message: `The job was cancelled by ${by}.`, retryable: false, details: { by } };
}

/**
 * Cancels a job. One that does not run has ended when this answers; one that runs is told to stop, and ends when it has, or
 * 10 s later.
 *
 * @returns the job as it is then
 * @throws ApiError NOT_FOUND, CONFLICT where it has ended already
 */
export async function cancelJob(context: Context, actor: Actor, jobId: string): Promise<Job> {
  const key = parseJobId(jobId);
  if (!key) throw notFound("job", jobId);
  const found = await inTransaction(context.database, async (sql) => {
    const place = await cancel(sql, actor.customerCode, key, JSON.stringify(cancelledBy(actor.email)));
    if (place) await recordAudit(sql, context.clock, actor, "job.cancel", jobId);
    return place;
  });
  const job = await getJob(context, actor, jobId);
  if (!found) throw conflict(`The job has ended already: it is ${job.status}.`);
  if (found.state !== "claimed") {
    context.events.emit("jobEnded", key.id);
    context.admitter.admit(groupsOf([found]));
  }
  return job;
}
