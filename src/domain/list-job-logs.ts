import type { Actor } from "../model/actor.ts";
import type { JobLogLine } from "../model/job-report.ts";
import { listJobLogs as list } from "../store/jobs/list-job-logs.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { requireJob } from "./steps/require-job.ts";

/**
 * Lists lines of a job's log in their order, from behind the line numbered `after`.
 *
 * @throws ApiError NOT_FOUND, UNAVAILABLE
 */
export async function listJobLogs(
  context: Context,
  actor: Actor,
  jobId: string,
  after: number,
  limit: number,
): Promise<JobLogLine[]> {
  const key = await requireJob(context, actor, jobId);
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, key, after, limit));
}
