import type { Actor } from "../../model/actor.ts";
import { ApiError, type FieldError, invalid } from "../../model/api-errors.ts";
import { faultsOfUnwatched } from "../../model/check-telling.ts";
import { concurrencyKeyOf } from "../../model/concurrency-key.ts";
import type { JsonObject, NewJob } from "../../model/job.ts";
import type { JobDefinition } from "../../model/job-definition.ts";
import { type GivenJobOptions, resolveJobOptions } from "../../model/job-options.ts";
import { secretReferences } from "../../model/placeholders.ts";
import { roleSuffices } from "../../model/roles.ts";
import { storableJson } from "../../model/storable-json.ts";
import type { Context, JobTypeInfo } from "../context.ts";

/** When and how urgently a job is to run; absent: at once, with the definition's priority. */
export interface Timing {
  readonly runAt?: Date | undefined;
  readonly priority?: number | undefined;
}

/** How far ahead `runAt` may lie. */
const furthestRunAtMs = 366 * 24 * 3600 * 1000;

/**
 * A job for an API call, with its own frozen copy of the params.
 *
 * @param givenParams whether the caller gave params: with a secret reference among the resulting ones that needs an editor
 * @throws ApiError VALIDATION_FAILED, FORBIDDEN, RATE_LIMITED
 */
export function newJob(
  context: Context,
  actor: Actor,
  request: {
    type: JobTypeInfo;
    definition: JobDefinition | null;
    params: JsonObject;
    givenParams: "given" | "none";
    options: GivenJobOptions;
    timing: Timing;
  },
): NewJob {
  const { type, definition, params, timing } = request;
  context.queueLengths.requireRoom(actor.customerCode);
  const errors = type.checkParams(params, "stored").map((error) => ({ ...error, path: `/params${error.path}` }));
  errors.push(...checkRunAt(timing.runAt, context.clock.now()));
  if (!definition) {
    for (const error of faultsOfUnwatched(request.options)) errors.push({ ...error, path: `/options${error.path}` });
  }
  if (errors.length > 0) throw invalid(errors);
  if (request.givenParams === "given") requireEditorForSecrets(actor, params);
  if (!definition) requireEditorForWebhooks(actor, request.options);
  const options = resolveJobOptions(request.options, type.defaults.timeoutSeconds);
  return {
    id: context.clock.newId(),
    customerCode: actor.customerCode,
    jobType: type.code,
    definition: definition && {
      id: definition.id,
      code: definition.jobDefinitionCode,
      version: definition.version,
    },
    params: storableJson(params),
    options: timing.priority === undefined ? options : { ...options, priority: timing.priority },
    concurrencyKey: concurrencyKeyOf(options.concurrencyKey, params),
    trigger: { kind: "api", by: actor.email, scheduledFor: null },
    runAt: timing.runAt ?? null,
    audit: {
      actor: actor.email,
      action: definition ? "jobDefinition.execute" : "jobType.execute",
      subject: definition?.jobDefinitionCode ?? type.code,
    },
  };
}

function checkRunAt(runAt: Date | undefined, now: number): FieldError[] {
  if (!runAt || runAt.getTime() <= now + furthestRunAtMs) return [];
  return [{ path: "/runAt", message: "must lie at most 366 days ahead" }];
}

/** Whoever says where webhooks go is given messages that are signed like all others. @throws ApiError FORBIDDEN */
function requireEditorForWebhooks(actor: Actor, { webhooks }: GivenJobOptions): void {
  if ((webhooks ?? []).length === 0 || roleSuffices(actor.role, "editor")) return;
  throw new ApiError("FORBIDDEN", "Giving options.webhooks to a job needs the role editor.");
}

/** Params that name a secret can send it anywhere, so choosing them is an editor's right. @throws ApiError FORBIDDEN */
export function requireEditorForSecrets(actor: Actor, params: JsonObject): void {
  const [code] = secretReferences(params);
  if (code === undefined || roleSuffices(actor.role, "editor")) return;
  throw new ApiError("FORBIDDEN", `Giving params to a job that uses the secret ${code} needs the role editor.`);
}
