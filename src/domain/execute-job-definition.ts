import type { Actor } from "../model/actor.ts";
import { conflict, notFound } from "../model/api-errors.ts";
import type { JsonObject } from "../model/job.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import type { Context } from "./context.ts";
import type { IdempotencyKey } from "./create-jobs.ts";
import { answerAgain } from "./steps/answer-again.ts";
import { newJob, type Timing } from "./steps/new-job.ts";
import { readPatiently } from "./steps/read-patiently.ts";

type Command = Timing & {
  readonly jobDefinitionCode: string;
  readonly params?: JsonObject | undefined;
  readonly idempotencyKey?: IdempotencyKey | undefined;
};

/**
 * Makes a job from a definition; params that are given lie shallowly over the definition's.
 *
 * @returns the job's id, once it is durable
 * @throws ApiError NOT_FOUND, VALIDATION_FAILED, FORBIDDEN, CONFLICT (idempotency key, job type not there), UNAVAILABLE
 */
export async function executeJobDefinition(context: Context, actor: Actor, command: Command): Promise<string> {
  return answerAgain(context, actor, command.idempotencyKey, () => create(context, actor, command));
}

async function create(context: Context, actor: Actor, command: Command): Promise<string> {
  const definition = await readPatiently(context.database, (sql) =>
    findDefinition(sql, actor.customerCode, command.jobDefinitionCode),
  );
  if (!definition) throw notFound("job definition", command.jobDefinitionCode);
  const type = context.jobTypes.find(definition.jobType);
  if (!type) throw conflict(`The job type ${definition.jobType} of this definition is not installed on this node.`);
  const job = newJob(context, actor, {
    type,
    definition,
    params: { ...definition.params, ...command.params },
    givenParams: command.params ? "given" : "none",
    options: definition.options,
    timing: command,
  });
  return context.jobWriter.create(job, command.idempotencyKey);
}
