import type { Actor } from "../model/actor.ts";
import type { Attempt } from "../model/job.ts";
import { listAttempts as list } from "../store/jobs/list-attempts.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { requireJob } from "./steps/require-job.ts";

/** Lists the runs of a job, in their order. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function listAttempts(context: Context, actor: Actor, jobId: string): Promise<Attempt[]> {
  const key = await requireJob(context, actor, jobId);
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, key));
}
