import { type CancelledJob, cancelJobs } from "../../store/jobs/cancel-job.ts";
import { groupsOf } from "../../store/jobs/left-place.ts";
import { listUnfinishedChildren } from "../../store/jobs/list-unfinished-children.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { resumeParents } from "../resume-parents.ts";

export type { CancelledJob };

/**
 * Cancels a job and all its unfinished descendants, generation by generation: each is locked before its children are looked for, and
 * a job starts a child only under its own lock, so none is missed.
 *
 * @param error JSON of the job's failure
 * @param childError JSON of its descendants'
 * @returns the job first; empty where the queue does not have it
 */
export async function cancelTree(
  sql: Sql,
  customerCode: string,
  id: string,
  error: string,
  childError: string,
): Promise<CancelledJob[]> {
  let generation = await cancelJobs(sql, customerCode, [id], error);
  const all = [...generation];
  while (generation.length > 0) {
    const children = await listUnfinishedChildren(
      sql,
      generation.map((job) => job.id),
    );
    generation = children.length > 0 ? await cancelJobs(sql, customerCode, children, childError) : [];
    all.push(...generation);
  }
  return all;
}

/** Tells, once it is committed, of the jobs that a cancel has ended: to who waits for them, and to who may have their place. */
export async function announceCancelled(context: Context, cancelled: readonly CancelledJob[]): Promise<void> {
  const ended = cancelled.filter((job) => job.state !== "claimed");
  for (const { id } of ended) context.events.emit("jobEnded", id);
  context.admitter.admit(groupsOf(ended));
  await resumeParents(
    context,
    ended.flatMap((job) => job.parentId ?? []),
  );
}
