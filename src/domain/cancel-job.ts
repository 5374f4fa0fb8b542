import type { Actor } from "../model/actor.ts";
import { conflict, notFound } from "../model/api-errors.ts";
import type { Job, JobFailure } from "../model/job.ts";
import { parseJobId } from "../model/job-id.ts";
import { cancelJobs } from "../store/jobs/cancel-job.ts";
import type { Context } from "./context.ts";
import { getJob } from "./get-job.ts";
import { announceCancelled, cancelDescendantsSoon, cancelSlice } from "./steps/cancel-tree.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Why a cancelled job failed. */
function cancelledBy(by: string): JobFailure {
  return { code: "CANCELLED", message: `The job was cancelled by ${by}.`, retryable: false, details: { by } };
}

/** The same for the children that it had started. */
function cancelledWith(parentId: string, by: string): JobFailure {
  const message = `The job was cancelled with its parent ${parentId}, by ${by}.`;
  return { code: "CANCELLED", message, retryable: false, details: { by, parentId } };
}

/**
 * Cancels a job. One that does not run has ended when this answers; one that runs is told to stop, and ends when it has, or
 * 10 s later. Its unfinished children, and theirs, are cancelled with it: all at once up to a thousand, and beyond that soon after.
 *
 * @returns the job as it is then
 * @throws ApiError NOT_FOUND, CONFLICT where it has ended already
 */
export async function cancelJob(context: Context, actor: Actor, jobId: string): Promise<Job> {
  const key = parseJobId(jobId);
  if (!key) throw notFound("job", jobId);
  const { customerCode, email } = actor;
  const slice = await inTransaction(context.database, async (sql) => {
    const [cancelled] = await cancelJobs(sql, customerCode, [key.id], JSON.stringify(cancelledBy(email)));
    if (!cancelled) return undefined;
    await recordAudit(sql, context.clock, actor, "job.cancel", jobId);
    const error = JSON.stringify(cancelledWith(jobId, email));
    const descendants = await cancelSlice(sql, { customerCode, parents: [key.id], error });
    return { cancelled: [cancelled, ...descendants.cancelled], left: descendants.left };
  });
  if (slice) {
    await announceCancelled(context, slice.cancelled);
    cancelDescendantsSoon(context, slice.left);
  }
  const job = await getJob(context, actor, jobId);
  if (!slice) throw conflict(`The job has ended already: it is ${job.status}.`);
  return job;
}
