import type { Actor } from "../model/actor.ts";
import { conflict, invalid, notFound } from "../model/api-errors.ts";
import { concurrencyKeyOf } from "../model/concurrency-key.ts";
import type { JsonObject } from "../model/job.ts";
import { parseJobId } from "../model/job-id.ts";
import { resolveJobOptions } from "../model/job-options.ts";
import { storableJson } from "../model/storable-json.ts";
import { findJobToRerun } from "../store/jobs/find-job-to-rerun.ts";
import type { Context } from "./context.ts";
import { requireEditorForSecrets } from "./steps/new-job.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/**
 * Makes a new job of one that has ended: the same type and options, and its frozen params with those that are given laid
 * over them. The definition counts it as its own while it is still there.
 *
 * @returns the new job's id, once it is durable
 * @throws ApiError NOT_FOUND, CONFLICT where the job has not ended, VALIDATION_FAILED, FORBIDDEN, RATE_LIMITED, UNAVAILABLE
 */
export async function rerunJob(
  context: Context,
  actor: Actor,
  jobId: string,
  given: JsonObject | undefined,
): Promise<string> {
  const key = parseJobId(jobId);
  const before = key && (await readPatiently(context.database, (sql) => findJobToRerun(sql, actor.customerCode, key)));
  if (!before) throw notFound("job", jobId);
  if (before.status === "STARTED") throw conflict("The job has not ended yet; cancel it first, or wait.");
  const type = context.jobTypes.find(before.jobType);
  if (!type) throw conflict(`The job type ${before.jobType} of this job is not installed on this node.`);
  context.queueLengths.requireRoom(actor.customerCode);
  const params = { ...before.params, ...given };
  const errors = type.checkParams(params, "stored").map((error) => ({ ...error, path: `/params${error.path}` }));
  if (errors.length > 0) throw invalid(errors);
  if (given) requireEditorForSecrets(actor, params);
  return context.jobWriter.create({
    id: context.clock.newId(),
    customerCode: actor.customerCode,
    jobType: type.code,
    definition: before.definition,
    params: storableJson(params),
    // One that is older than an option has that option's default.
    options: resolveJobOptions(before.options, type.defaults.timeoutSeconds),
    concurrencyKey: concurrencyKeyOf(before.options.concurrencyKey, params),
    trigger: { kind: "rerun", by: actor.email, scheduledFor: null },
    runAt: null,
    audit: { actor: actor.email, action: "job.rerun", subject: jobId },
  });
}
