import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { JsonObject } from "../model/job.ts";
import type { GivenJobOptions } from "../model/job-options.ts";
import type { Context } from "./context.ts";
import type { IdempotencyKey } from "./create-jobs.ts";
import { answerAgain } from "./steps/answer-again.ts";
import { newJob, type Timing } from "./steps/new-job.ts";

type Command = Timing & {
  readonly jobTypeCode: string;
  readonly params: JsonObject;
  readonly options?: GivenJobOptions | undefined;
  readonly idempotencyKey?: IdempotencyKey | undefined;
};

/**
 * Makes a job straight from a job type.
 *
 * @returns the job's id, once it is durable
 * @throws ApiError NOT_FOUND, VALIDATION_FAILED, FORBIDDEN, CONFLICT (idempotency key), UNAVAILABLE
 */
export async function executeJobType(context: Context, actor: Actor, command: Command): Promise<string> {
  return answerAgain(context, actor, command.idempotencyKey, () => create(context, actor, command));
}

async function create(context: Context, actor: Actor, command: Command): Promise<string> {
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
