import { firstUuid } from "../model/job-id.ts";
import { listAwaitingJobs } from "../store/jobs/list-awaiting-jobs.ts";
import type { Context } from "./context.ts";
import { resumeParents } from "./resume-parents.ts";

/**
 * Looks at waiting jobs in their order, at most `limit`, from behind `after`, for those that missed the end of their last child.
 *
 * @returns where the next look begins
 */
export async function sweepAwaitingJobs(context: Context, after: string, limit: number): Promise<string> {
  const ids = await listAwaitingJobs(context.database.sql, after, limit);
  await resumeParents(context, ids);
  return ids.length === limit ? (ids.at(-1) ?? firstUuid) : firstUuid;
}
