import { ApiError, type FieldError } from "../../model/api-errors.ts";
import { faultsOfJobOptions } from "../../model/check-job-options.ts";
import type { ChildRequest } from "../../model/child-job.ts";
import { concurrencyKeyOf } from "../../model/concurrency-key.ts";
import type { NewJob } from "../../model/job.ts";
import type { JobDefinition } from "../../model/job-definition.ts";
import { JobError } from "../../model/job-errors.ts";
import { mergeJobOptions, resolveJobOptions } from "../../model/job-options.ts";
import { secretReferences } from "../../model/placeholders.ts";
import { storableJson } from "../../model/storable-json.ts";
import { findDefinition } from "../../store/job-definitions/find-definition.ts";
import type { ClaimedJob } from "../claim-jobs.ts";
import type { Context, JobTypeInfo } from "../context.ts";
import { readPatiently } from "./read-patiently.ts";

/** The error of a child that cannot be made. */
export function childRefused(step: string, reason: string, errors?: readonly FieldError[]): JobError {
  const details = errors ? { step, errors } : { step };
  return new JobError("CHILD_REFUSED", `Step ${JSON.stringify(step)}: ${reason}`, { details });
}

/**
 * A job that another asks for, with its own frozen copy of the params.
 *
 * Params that are given may not refer to secrets: they may come from a webservice's answer, and whoever writes them would choose
 * where a secret goes. A definition's own may.
 *
 * @throws JobError CHILD_REFUSED
 */
export async function newChild(
  context: Context,
  parent: ClaimedJob,
  step: string,
  request: ChildRequest,
): Promise<NewJob> {
  requireRoom(context, parent.customerCode, step);
  const definition = await definitionOf(context, parent, step, request);
  const type = typeOf(context, step, definition?.jobType ?? request.jobType ?? "");
  const [secret] = secretReferences(request.params ?? {});
  if (secret !== undefined) {
    throw childRefused(step, `its params refer to the secret ${secret}; only a job definition's own params may.`);
  }
  const params = { ...definition?.params, ...request.params };
  const given = mergeJobOptions(definition?.options ?? {}, request.options ?? {});
  const resolved = resolveJobOptions(given, type.defaults.timeoutSeconds);
  const options = { ...resolved, priority: request.priority ?? resolved.priority };
  requireSound(step, [
    ...type.checkParams(params, "stored").map((error) => ({ ...error, path: `/params${error.path}` })),
    ...faultsOfTold(request),
    ...faultsOfJobOptions(options).map((error) => ({ ...error, path: `/options${error.path}` })),
  ]);
  return {
    id: context.clock.newId(),
    customerCode: parent.customerCode,
    jobType: type.code,
    definition: definition && {
      id: definition.id,
      code: definition.jobDefinitionCode,
      version: definition.version,
    },
    params: storableJson(params),
    options,
    concurrencyKey: concurrencyKeyOf(options.concurrencyKey, params),
    trigger: { kind: "sequence", by: parent.trigger.by, scheduledFor: parent.trigger.scheduledFor },
    runAt: null,
    audit: null,
  };
}

/** Where webhooks go, and what is watched, is for people to say. */
function faultsOfTold({ options }: ChildRequest): FieldError[] {
  const names = (["webhooks", "alerts"] as const).filter((name) => options?.[name] !== undefined);
  return names.map((name) => ({ path: `/options/${name}`, message: "can be said by a job definition alone" }));
}

/** @throws JobError CHILD_REFUSED, retryable: the queue gets shorter */
function requireRoom(context: Context, customerCode: string, step: string): void {
  try {
    context.queueLengths.requireRoom(customerCode);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { message, retryAfterSeconds = 0 } = error;
    throw new JobError("CHILD_REFUSED", `Step ${JSON.stringify(step)}: ${message}`, {
      details: { step },
      retryable: true,
      retryAfterSeconds,
      cause: error,
    });
  }
}

async function definitionOf(
  { database }: Context,
  parent: ClaimedJob,
  step: string,
  { jobDefinitionCode: code }: ChildRequest,
): Promise<JobDefinition | null> {
  if (code === undefined) return null;
  const found = await readPatiently(database, (sql) => findDefinition(sql, parent.customerCode, code));
  if (!found) throw childRefused(step, `there is no job definition ${JSON.stringify(code)}.`);
  return found;
}

function typeOf(context: Context, step: string, code: string): JobTypeInfo {
  const type = context.jobTypes.find(code);
  if (type) return type;
  throw childRefused(step, `this node does not know the job type ${JSON.stringify(code)}.`);
}

function requireSound(step: string, errors: readonly FieldError[]): void {
  const [first] = errors;
  if (first) throw childRefused(step, `${first.path}: ${first.message}`, errors.slice(0, 20));
}
