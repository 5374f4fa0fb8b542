import { promoteJobs as promote } from "../store/jobs/promote-jobs.ts";
import type { Context } from "./context.ts";

/**
 * Makes due jobs ready, at most `limit`, oldest first.
 *
 * @returns how many, and in how many milliseconds the next is due (null: none is waiting)
 */
export async function promoteJobs(
  context: Context,
  limit: number,
): Promise<{ promoted: number; nextInMs: number | null }> {
  return promote(context.database.sql, limit);
}
