import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { Job } from "../model/job.ts";
import { parseJobId } from "../model/job-id.ts";
import { findJob } from "../store/jobs/find-job.ts";
import type { Context } from "./context.ts";
import { readLargeResult } from "./steps/large-results.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** A job as it is read; where its result is large, `result` is null and `largeResult` holds the bytes of its JSON. */
export type ReadJob = Job & { readonly largeResult?: Uint8Array };

/** Reads one job. @throws ApiError NOT_FOUND, also for another customer's; UNAVAILABLE */
export async function getJob(context: Context, actor: Actor, jobId: string): Promise<ReadJob> {
  const key = parseJobId(jobId);
  const found = key && (await readPatiently(context.database, (sql) => findJob(sql, actor.customerCode, key)));
  if (!found) throw notFound("job", jobId);
  const { resultApart, ...job } = found;
  if (!resultApart) return job;
  const largeResult = await readLargeResult(context.database, key);
  if (!largeResult) throw notFound("job", jobId);
  return { ...job, largeResult };
}
