/**
 * Cancels the descendants of jobs that are cancelled: generation by generation, in slices, each a transaction of its own.
 *
 * Invariants: a job whose cancel is committed starts no more children, so none is missed; slices lock ancestors first; what a node
 * leaves undone, because it dies between two slices, the sweep of orphans finds (`sweepOrphans`).
 */
import { type CancelledJob, cancelJobs } from "../../store/jobs/cancel-job.ts";
import { listUnfinishedChildren } from "../../store/jobs/list-unfinished-children.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { announceEnded } from "./announce-ended.ts";

export type { CancelledJob };

/** Jobs that one transaction cancels at most, besides those that it begins with: some hundred milliseconds' worth. */
const sliceSize = 1_000;
/** Parents whose children are asked for at once. */
const parentsAtOnce = 1_000;
/** How long a slice is tried while the database is away. */
const writeForMs = 25_000;

/** Jobs of one customer whose children, and theirs, are still to be cancelled. */
export interface Descendants {
  readonly customerCode: string;
  /** Ids of jobs that are cancelled themselves. */
  readonly parents: readonly string[];
  /** JSON of the failure of their descendants. */
  readonly error: string;
}

/** Cancels some descendants. @returns them, and those whose descendants are left */
export async function cancelSlice(
  sql: Sql,
  { customerCode, parents, error }: Descendants,
): Promise<{ readonly cancelled: CancelledJob[]; readonly left: Descendants }> {
  const cancelled: CancelledJob[] = [];
  let left = parents;
  while (left.length > 0 && cancelled.length < sliceSize) {
    const asked = left.slice(0, parentsAtOnce);
    const wanted = sliceSize - cancelled.length;
    const children = await listUnfinishedChildren(sql, asked, wanted);
    const found = children.length > 0 ? await cancelJobs(sql, customerCode, children, error) : [];
    cancelled.push(...found);
    const others = children.length < wanted ? left.slice(asked.length) : left;
    left = [...others, ...found.map((job) => job.id)];
  }
  return { cancelled, left: { customerCode, parents: left, error } };
}

/** Cancels all descendants, and tells of them. */
export async function cancelDescendants(context: Context, descendants: Descendants): Promise<void> {
  let left = descendants;
  while (left.parents.length > 0) {
    const { database } = context;
    const slice = await database.repeatable(() => database.transaction((sql) => cancelSlice(sql, left)), writeForMs);
    await announceCancelled(context, slice.cancelled);
    left = slice.left;
  }
}

/** The same for callers who need not wait for it; what goes wrong the sweep of orphans makes good. */
export function cancelDescendantsSoon(context: Context, descendants: Descendants): void {
  cancelDescendants(context, descendants).catch((error: unknown) => {
    context.log.warn({ err: error }, "children of a cancelled job could not be cancelled; the sweep will");
  });
}

/** Tells, once it is committed, of the jobs that a cancel has ended; those that run are told of when they have. */
export async function announceCancelled(context: Context, cancelled: readonly CancelledJob[]): Promise<void> {
  await announceEnded(
    context,
    cancelled.filter((job) => job.state !== "claimed"),
  );
}
