import type { Actor } from "../model/actor.ts";
import { formatJobId, type JobKey } from "../model/job-id.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import { findJobs } from "../store/jobs/find-jobs.ts";
import { findJobsOfDefinition } from "../store/jobs/find-jobs-of-definition.ts";
import { findUnfinishedJobs } from "../store/jobs/find-unfinished-jobs.ts";
import type { JobCandidates } from "../store/jobs/job-candidates.ts";
import type { JobFilter } from "../store/jobs/job-filter.ts";
import { type JobSummary, listJobSummaries } from "../store/jobs/list-job-summaries.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

export type { JobFilter, JobSummary };

/** A page of jobs. */
export interface JobPage {
  /** At most one more than were asked for. */
  readonly jobs: readonly JobSummary[];
  /** Id of the job behind which the next page begins, where this one has fewer than were asked for and is not the last. */
  readonly reached: string | null;
}

/**
 * Lists jobs, newest first, from behind `before`.
 *
 * What a page looks through is bounded: the queue for jobs that have not ended, a definition's own jobs where one is named, and all
 * of the customer's otherwise. So a page may hold less than was asked for, or nothing, and still not be the last.
 *
 * @throws ApiError UNAVAILABLE
 */
export async function listJobs(
  context: Context,
  actor: Actor,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobPage> {
  return readPatiently(context.database, async (sql) => {
    const { keys, reached } = await find(sql, actor.customerCode, filter, before, limit);
    if (keys.length === 0) return { jobs: [], reached };
    const jobs = await listJobSummaries(sql, actor.customerCode, keys);
    // Some may have gone on since they were found.
    const wanted = jobs.filter((job) => isWanted(filter, job));
    if (wanted.length === limit) return { jobs: wanted, reached: null };
    const last = keys.at(-1);
    return { jobs: wanted, reached: keys.length === limit && last ? formatJobId(last) : reached };
  });
}

async function find(
  sql: Sql,
  customerCode: string,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobCandidates> {
  const { status, phase, jobDefinitionCode } = filter;
  if (phase !== null && status !== null && (phase === "DONE") === (status === "STARTED"))
    return { keys: [], reached: null };
  if (status === "STARTED" || (phase !== null && phase !== "DONE")) {
    return findUnfinishedJobs(sql, customerCode, filter, before, limit);
  }
  const definition = jobDefinitionCode === null ? null : await findDefinition(sql, customerCode, jobDefinitionCode);
  // A deleted one's jobs are still listed by its code, while no other definition has it.
  if (!definition) return findJobs(sql, customerCode, filter, before, limit);
  return findJobsOfDefinition(sql, customerCode, definition.id, filter, before, limit);
}

function isWanted({ status, phase }: JobFilter, job: JobSummary): boolean {
  return (status === null || job.status === status) && (phase === null || job.phase === phase);
}
