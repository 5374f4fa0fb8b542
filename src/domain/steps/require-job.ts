import type { Actor } from "../../model/actor.ts";
import { notFound } from "../../model/api-errors.ts";
import { type JobKey, parseJobId } from "../../model/job-id.ts";
import { hasJob } from "../../store/jobs/has-job.ts";
import type { Context } from "../context.ts";
import { readPatiently } from "./read-patiently.ts";

/** Reads a job's id, and refuses one that the actor's customer does not have. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function requireJob(context: Context, actor: Actor, jobId: string): Promise<JobKey> {
  const key = parseJobId(jobId);
  const found = key && (await readPatiently(context.database, (sql) => hasJob(sql, actor.customerCode, key)));
  if (!found) throw notFound("job", jobId);
  return key;
}
