import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { JsonObject } from "../model/job.ts";
import type { GivenJobOptions } from "../model/job-options.ts";
import type { Context } from "./context.ts";
import type { IdempotencyKey } from "./create-jobs.ts";
import { newJob, type Timing } from "./steps/new-job.ts";

/**
 * Makes a job straight from a job type.
 *
 * @returns the job's id, once it is durable
 * @throws ApiError NOT_FOUND, VALIDATION_FAILED, FORBIDDEN, CONFLICT (idempotency key), UNAVAILABLE
 */
export async function executeJobType(
  context: Context,
  actor: Actor,
  command: Timing & {
    jobTypeCode: string;
    params: JsonObject;
    options?: GivenJobOptions | undefined;
    idempotencyKey?: IdempotencyKey | undefined;
  },
): Promise<string> {
  const type = context.jobTypes.find(command.jobTypeCode);
  if (!type) throw notFound("job type", command.jobTypeCode);
  const job = newJob(context, actor, {
    type,
    definition: null,
    params: command.params,
    givenParams: "given",
    options: command.options ?? {},
    timing: command,
  });
  return context.jobWriter.create(job, command.idempotencyKey);
}
