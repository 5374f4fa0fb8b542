import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { Job } from "../model/job.ts";
import { parseJobId } from "../model/job-id.ts";
import { findJob } from "../store/jobs/find-job.ts";
import type { Context } from "./context.ts";
import { readLargeResult } from "./steps/large-results.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Reads one job. @throws ApiError NOT_FOUND, also for another customer's; UNAVAILABLE */
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
