import type { JobFailure } from "../model/job.ts";
import { createBatcher } from "../runtime/batcher.ts";
import { failSelfBlocked } from "../store/jobs/fail-self-blocked.ts";
import { groupsOf, type LeftPlace } from "../store/jobs/left-place.ts";
import { listAwaitingJobs } from "../store/jobs/list-awaiting-jobs.ts";
import { listBlockedChildren } from "../store/jobs/list-blocked-children.ts";
import { resumeJobs } from "../store/jobs/resume-jobs.ts";
import { wakeJobs } from "../store/jobs/wake-jobs.ts";
import type { Context } from "./context.ts";

/** Before every id. */
export const firstId = "00000000-0000-0000-0000-000000000000";

const selfBlocked: JobFailure = {
  code: "SELF_BLOCKED",
  message:
    "The jobs that wait for this one hold all of maxConcurrent of its definition, so its turn would never come. " +
    "Raise options.maxConcurrent of the definition, or have the parent use another one.",
  retryable: false,
  details: {},
};

/** JSON of the failure of a child that its ancestors hold up. */
export const selfBlockedError = JSON.stringify(selfBlocked);

type Outside = Pick<Context, "database" | "events" | "admitter">;

/** Puts those of the given jobs back into the queue that wait for no unfinished child any more. */
export async function resumeParents(outside: Outside, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  announce(outside, await outside.database.repeatable((sql) => resumeJobs(sql, ids)));
}

/** Lets looks for one parent after another share statements. */
export interface ParentResumer {
  /** Looks soon whether the job waits for no unfinished child any more; what goes wrong the sweep makes good. */
  look(id: string): void;
}

/** Makes the resumer of this node. */
export function createParentResumer(context: Context): ParentResumer {
  const looks = createBatcher<string, "looked">({
    maxSize: 500,
    maxRunning: 1,
    isRefused: () => false,
    async run(ids) {
      await resumeParents(context, ids);
      return ids.map(() => "looked");
    },
  });
  return {
    look(id) {
      looks.add(id).catch((error: unknown) => {
        context.log.warn({ err: error }, "waiting jobs could not be looked after; the sweep will");
      });
    },
  };
}

/** Puts jobs back into the queue whose time has come, at most `limit`. @returns how many */
export async function wakeDueJobs(context: Context, limit: number): Promise<number> {
  const woken = await wakeJobs(context.database.sql, limit);
  announce(context, woken);
  return woken.length;
}

/**
 * Looks at waiting jobs in their order, at most `limit`, from behind `after`, for those that missed the end of their last child.
 *
 * @returns where the next look begins
 */
export async function sweepAwaiting(context: Context, after: string, limit: number): Promise<string> {
  const ids = await listAwaitingJobs(context.database.sql, after, limit);
  await resumeParents(context, ids);
  return ids.length === limit ? (ids.at(-1) ?? firstId) : firstId;
}

/**
 * Fails blocked children whose ancestors have come to hold all of their definition's count, because its limit was lowered since.
 *
 * @returns where the next look begins
 */
export async function sweepSelfBlocked(context: Context, after: string, limit: number): Promise<string> {
  const { sql } = context.database;
  const ids = await listBlockedChildren(sql, after, limit);
  if (ids.length === 0) return firstId;
  const failed = await failSelfBlocked(sql, ids, selfBlockedError);
  for (const { id } of failed) context.events.emit("jobEnded", id);
  await resumeParents(
    context,
    failed.map((job) => job.parentId),
  );
  return ids.length === limit ? (ids.at(-1) ?? firstId) : firstId;
}

function announce({ events, admitter }: Outside, resumed: readonly LeftPlace[]): void {
  if (resumed.length === 0) return;
  events.emit("jobsReady");
  events.emit("jobsCreated");
  admitter.admit(groupsOf(resumed));
}
