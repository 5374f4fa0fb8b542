import type { EndedJob } from "../../store/jobs/ended-job.ts";
import { groupsOf } from "../../store/jobs/left-place.ts";
import type { Context } from "../context.ts";
import { type NewNotification, tellJob, tellNotification } from "../tell-changes.ts";

export type { EndedJob };

/** What `announceEnded` needs of its node. */
export type EndAudience = Pick<Context, "metrics" | "changes" | "events" | "admitter" | "holds" | "parents">;

/**
 * Tells of jobs that have ended, once that is committed: every end of a job comes through here, whoever brought it about.
 *
 * Told are the metrics, the customer's live readers, whoever waits for the job, those who may have its place, and its parent.
 * All but the metrics is found out by sweeps as well, should this node die first.
 *
 * Resolves when the parents have been looked after; never rejects.
 */
export async function announceEnded(node: EndAudience, ended: readonly EndedJob[]): Promise<void> {
  for (const job of ended) {
    node.metrics.jobFinished(job.customerCode, job.jobType, job.status);
    tellJob(node.changes, job, job.status, "DONE");
    if (job.notifies) tellNotification(node.changes, notificationOf(job));
    node.events.emit("jobEnded", job.id);
  }
  node.admitter.admit(groupsOf(ended));
  node.holds.ended(ended);
  await Promise.all(ended.flatMap((job) => (job.parentId === null ? [] : node.parents.look(job.parentId))));
}

function notificationOf({ customerCode, jobId, jobDefinitionCode, status }: EndedJob): NewNotification {
  const kind = status === "COMPLETED" ? "completed" : "failed";
  return { customerCode, notificationId: jobId, kind, jobId, jobDefinitionCode };
}
