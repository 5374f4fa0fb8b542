import type { Actor } from "../model/actor.ts";
import { parseJobId } from "../model/job-id.ts";
import type { Context } from "./context.ts";
import { getJob, type ReadJob } from "./get-job.ts";

/** Reads one job when it has ended, or after `milliseconds` as it then is. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function awaitJob(context: Context, actor: Actor, jobId: string, milliseconds: number): Promise<ReadJob> {
  const job = await getJob(context, actor, jobId);
  const key = parseJobId(jobId);
  if (job.status !== "STARTED" || !key) return job;
  await context.jobWaiter.wait(key.id, milliseconds);
  return getJob(context, actor, jobId);
}
