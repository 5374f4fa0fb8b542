import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { JobContext } from "../job-types/contract.ts";
import { JobError, jobErrors } from "../model/errors.ts";
import type { JobFailure, JsonText } from "../model/job.ts";
import type { GuardedFetch } from "../model/outgoing-request.ts";
import { fillPlaceholders } from "../model/placeholders.ts";
import { storableJson, storableText } from "../model/storable-json.ts";
import type { RunnableCatalogue, RunnableJobType } from "./job-type-catalogue.ts";

/** What an attempt has come to. */
export type AttemptOutcome =
  | { readonly status: "COMPLETED"; readonly result: JsonText }
  | { readonly status: "FAILED"; readonly failure: JobFailure; readonly retryAfterSeconds: number };

/** Results above this, in characters of JSON, are refused. */
const longestResult = 32 * 1024 * 1024;

/** How long a run that has been aborted may take to notice. */
const graceMs = 10_000;

export interface AttemptTools {
  readonly jobTypes: RunnableCatalogue;
  readonly fetch: GuardedFetch;
  /** Answers a secret's value. @throws JobError SECRET_NOT_FOUND */
  secret(customerCode: string, code: string): string;
  /** Now, by the database's clock, in milliseconds. */
  now(): number;
}

/**
 * Runs one attempt of a job, from its stored params to an outcome that can be written. Never throws.
 *
 * @param abort aborted from outside on cancel and stop; from inside when the time limit is over
 */
export async function runAttempt(
  job: ClaimedJob,
  tools: AttemptTools,
  abort: AbortController,
): Promise<AttemptOutcome> {
  const { timeoutSeconds } = job.options;
  const timeout = setTimeout(() => {
    abort.abort(new JobError("TIMED_OUT", `The attempt took longer than timeoutSeconds, ${timeoutSeconds} s.`));
  }, timeoutSeconds * 1000);
  try {
    const type = findType(job, tools);
    const params = prepareParams(job, type, tools);
    const result = await untilGraceEnds(type.run(contextOf(job, tools, abort.signal), params), abort.signal);
    return { status: "COMPLETED", result: toResult(result) };
  } catch (error) {
    return toFailed(error);
  } finally {
    clearTimeout(timeout);
  }
}

function findType(job: ClaimedJob, tools: AttemptTools): RunnableJobType {
  const type = tools.jobTypes.find(job.jobType);
  if (type) return type;
  throw new JobError("JOB_TYPE_NOT_FOUND", `This node does not know the job type ${job.jobType}.`);
}

function prepareParams(job: ClaimedJob, type: RunnableJobType, tools: AttemptTools): Record<string, unknown> {
  const values = {
    jobId: job.jobId,
    scheduledFor: job.trigger.scheduledFor?.toISOString() ?? "",
    attempt: job.attempt,
    now: new Date(tools.now()),
  };
  const params = fillPlaceholders(job.params, values, (code) => tools.secret(job.customerCode, code));
  const errors = type.checkParams(params, "filledIn");
  const [first] = errors;
  if (first) {
    throw new JobError("INVALID_PARAMS", `${first.path}: ${first.message}`, { details: { errors } });
  }
  return params;
}

function contextOf(job: ClaimedJob, tools: AttemptTools, signal: AbortSignal): JobContext {
  return {
    job: {
      id: job.jobId,
      jobType: job.jobType,
      jobDefinitionCode: job.jobDefinitionCode,
      scheduledFor: job.trigger.scheduledFor?.toISOString() ?? null,
      createdAt: job.createdAt.toISOString(),
    },
    attempt: job.attempt,
    signal,
    fetch: tools.fetch,
  };
}

/** A run that ignores its signal is dropped when the grace is over: its slot is needed. */
function untilGraceEnds(run: Promise<unknown>, signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const aborted = () => {
      grace = setTimeout(() => reject(signal.reason), graceMs);
    };
    signal.addEventListener("abort", aborted, { once: true });
    if (signal.aborted) aborted();
    run.then(resolve, reject).finally(() => {
      clearTimeout(grace);
      signal.removeEventListener("abort", aborted);
    });
  });
}

function toResult(value: unknown): JsonText {
  const text = writeResult(value);
  if (text.length <= longestResult) return text;
  throw new JobError(
    "INVALID_RESULT",
    `The result is ${text.length} characters of JSON; ${longestResult} is the most.`,
  );
}

function writeResult(value: unknown): JsonText {
  try {
    return storableJson(value);
  } catch (cause) {
    throw new JobError("INVALID_RESULT", `The result is not JSON: ${describe(cause)}`, { cause });
  }
}

function toFailed(error: unknown): AttemptOutcome {
  if (error instanceof JobError) {
    return {
      status: "FAILED",
      failure: {
        code: error.code,
        message: storableText(error.message),
        retryable: error.retryable,
        details: error.details ?? {},
      },
      retryAfterSeconds: error.retryAfterSeconds ?? 0,
    };
  }
  const { retryable } = jobErrors.JOB_TYPE_ERROR;
  const failure: JobFailure = {
    code: "JOB_TYPE_ERROR",
    message: storableText(describe(error)),
    retryable,
    details: {},
  };
  return { status: "FAILED", failure, retryAfterSeconds: 0 };
}

/** Job code may throw anything at all. */
function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : `The job threw ${String(error)}`;
  } catch {
    return "The job threw something that cannot be described";
  }
}
