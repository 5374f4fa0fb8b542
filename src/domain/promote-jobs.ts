import { groupsOf } from "../store/jobs/left-place.ts";
import { nextDueInMs } from "../store/jobs/next-due.ts";
import { promoteJobs as promote } from "../store/jobs/promote-jobs.ts";
import type { Context } from "./context.ts";

/**
 * Puts due jobs into the queue, at most `limit`, oldest first.
 *
 * @returns how many, and in how many milliseconds the next is due (null: none is scheduled)
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
  return { promoted: promoted.length, nextInMs: await nextDueInMs(database.sql) };
}
