import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/errors.ts";
import type { Job } from "../model/job.ts";
import { type JobKey, parseJobId } from "../model/job-id.ts";
import { findJob } from "../store/jobs/find-job.ts";
import { type JobFilter, type JobSummary, listJobs } from "../store/jobs/list-jobs.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./read-patiently.ts";

export type { JobFilter, JobSummary };

/** Reads one job. @throws ApiError NOT_FOUND, also for another customer's. */
export async function getJob(context: Context, actor: Actor, jobId: string): Promise<Job> {
  const key = parseJobId(jobId);
  const job = key && (await readPatiently(context.database, (sql) => findJob(sql, actor.customerCode, key)));
  if (!job) throw notFound("job", jobId);
  return job;
}

/** Lists jobs, newest first, from behind `before`. */
export async function findJobs(
  context: Context,
  actor: Actor,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobSummary[]> {
  return readPatiently(context.database, (sql) => listJobs(sql, actor.customerCode, filter, before, limit));
}
