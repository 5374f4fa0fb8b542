import type { Actor } from "../model/actor.ts";
import type { JobKey } from "../model/job-id.ts";
import { type JobFilter, type JobSummary, listJobs as list } from "../store/jobs/list-jobs.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

export type { JobFilter, JobSummary };

/** Lists jobs, newest first, from behind `before`. @throws ApiError UNAVAILABLE */
export async function listJobs(
  context: Context,
  actor: Actor,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobSummary[]> {
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, filter, before, limit));
}
