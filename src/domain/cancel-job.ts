import type { Actor } from "../model/actor.ts";
import { conflict, notFound } from "../model/api-errors.ts";
import type { Job, JobFailure } from "../model/job.ts";
import { parseJobId } from "../model/job-id.ts";
import type { Context } from "./context.ts";
import { getJob } from "./get-job.ts";
import { announceCancelled, cancelTree } from "./steps/cancel-tree.ts";
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
 * 10 s later. Its unfinished children, and theirs, are cancelled with it.
 *
 * @returns the job as it is then
 * @throws ApiError NOT_FOUND, CONFLICT where it has ended already
 */
export async function cancelJob(context: Context, actor: Actor, jobId: string): Promise<Job> {
  const key = parseJobId(jobId);
  if (!key) throw notFound("job", jobId);
  const found = await inTransaction(context.database, async (sql) => {
    const own = JSON.stringify(cancelledBy(actor.email));
    const children = JSON.stringify(cancelledWith(jobId, actor.email));
    const tree = await cancelTree(sql, actor.customerCode, key.id, own, children);
    if (tree.length > 0) await recordAudit(sql, context.clock, actor, "job.cancel", jobId);
    return tree;
  });
  const job = await getJob(context, actor, jobId);
  if (found.length === 0) throw conflict(`The job has ended already: it is ${job.status}.`);
  await announceCancelled(context, found);
  return job;
}
