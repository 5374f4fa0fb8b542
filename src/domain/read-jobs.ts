import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/errors.ts";
import type { Attempt, Job } from "../model/job.ts";
import { type JobKey, parseJobId } from "../model/job-id.ts";
import type { JobLogLine } from "../model/job-report.ts";
import { findJob } from "../store/jobs/find-job.ts";
import { hasJob } from "../store/jobs/has-job.ts";
import { listAttempts } from "../store/jobs/list-attempts.ts";
import { listJobLogs } from "../store/jobs/list-job-logs.ts";
import { type JobFilter, type JobSummary, listJobs } from "../store/jobs/list-jobs.ts";
import type { Context } from "./context.ts";
import { readLargeResult } from "./large-results.ts";
import { readPatiently } from "./read-patiently.ts";

export type { JobFilter, JobSummary };

/** Reads one job. @throws ApiError NOT_FOUND, also for another customer's. */
export async function getJob(context: Context, actor: Actor, jobId: string): Promise<Job> {
  const key = parseJobId(jobId);
  const found = key && (await readPatiently(context.database, (sql) => findJob(sql, actor.customerCode, key)));
  if (!found) throw notFound("job", jobId);
  const { resultApart, ...job } = found;
  if (!resultApart) return job;
  const result = await readLargeResult(context.database, key);
  if (!result) throw notFound("job", jobId);
  return { ...job, result: result.value };
}

/** Reads one job when it has ended, or after `milliseconds` as it then is. @throws ApiError NOT_FOUND */
export async function awaitJob(context: Context, actor: Actor, jobId: string, milliseconds: number): Promise<Job> {
  const job = await getJob(context, actor, jobId);
  const key = parseJobId(jobId);
  if (job.status !== "STARTED" || !key) return job;
  await context.jobWaiter.wait(key.id, milliseconds);
  return getJob(context, actor, jobId);
}

/** Lists the runs of a job, in their order. @throws ApiError NOT_FOUND */
export async function findAttempts(context: Context, actor: Actor, jobId: string): Promise<Attempt[]> {
  const key = await requireJob(context, actor, jobId);
  return readPatiently(context.database, (sql) => listAttempts(sql, actor.customerCode, key));
}

/** Lists lines of a job's log in their order, from behind the line numbered `after`. @throws ApiError NOT_FOUND */
export async function findLogs(
  context: Context,
  actor: Actor,
  jobId: string,
  after: number,
  limit: number,
): Promise<JobLogLine[]> {
  const key = await requireJob(context, actor, jobId);
  return readPatiently(context.database, (sql) => listJobLogs(sql, actor.customerCode, key, after, limit));
}

async function requireJob(context: Context, actor: Actor, jobId: string): Promise<JobKey> {
  const key = parseJobId(jobId);
  const found = key && (await readPatiently(context.database, (sql) => hasJob(sql, actor.customerCode, key)));
  if (!found) throw notFound("job", jobId);
  return key;
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
