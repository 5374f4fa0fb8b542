import { groupsOf } from "../store/jobs/left-place.ts";
import { nextDueInMs } from "../store/jobs/next-due.ts";
import { promoteJobs as promote } from "../store/jobs/promote-jobs.ts";
import type { Context } from "./context.ts";
import { wakeDueJobs } from "./wake-due-jobs.ts";

/**
 * Puts due jobs into the queue, oldest first: at most `limit` whose runAt has come, and as many that waited for a time.
 *
 * @returns how many, of whichever kind there are more, and in how many milliseconds the next is due (null: none is)
 */
export async function promoteJobs(
  context: Context,
  limit: number,
): Promise<{ promoted: number; nextInMs: number | null }> {
  const { database, admitter, events } = context;
  const promoted = await promote(database.sql, limit);
  if (promoted.length > 0) {
    events.emit("jobsReady");
    events.emit("jobsCreated");
    admitter.admit(groupsOf(promoted));
  }
  const woken = await wakeDueJobs(context, limit);
  return { promoted: Math.max(promoted.length, woken), nextInMs: await nextDueInMs(database.sql) };
}
