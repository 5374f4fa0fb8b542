/** What a run has come to, in a shape that can be stored whatever the job's code returned or threw. */

import type { JobFailure, JsonText } from "../model/job.ts";
import { JobError, type JobErrorCode, jobErrors } from "../model/job-errors.ts";
import type { SecretMask } from "../model/mask-secrets.ts";
import { storableText } from "../model/storable-json.ts";
import { maskedJson } from "./masked-json.ts";
import { boundedJson } from "./measure-json.ts";
import type { Wait } from "./waiting.ts";

/** What an attempt has come to. */
export type AttemptOutcome =
  | { readonly status: "COMPLETED"; readonly result: JsonText }
  | { readonly status: "FAILED"; readonly failure: JobFailure; readonly retryAfterSeconds: number }
  /** It has not ended: it waits, and runs again. */
  | { readonly status: "SUSPENDED"; readonly wait: Wait };

type Mask = Pick<SecretMask, "text" | "json" | "values">;

/** Characters of a message that are kept. */
const longestMessage = 10_000;
/** Bytes of a failure's details as JSON: what came back is for people to read. */
const longestFailure = 2 * 1024 * 1024;

/** The outcome of a run that returned, without its secrets. @param mostBytes of the result as JSON */
export async function completed(value: unknown, mostBytes: number, mask: Mask): Promise<AttemptOutcome> {
  try {
    const json = boundedJson(value, mostBytes);
    const result = mask.values().length === 0 ? json : await maskedJson(mask, json);
    return { status: "COMPLETED", result };
  } catch (error) {
    return failed(new JobError("INVALID_RESULT", `The result cannot be stored: ${reasonOf(error)}`), mask);
  }
}

/** The outcome of a run that threw, without its secrets. */
export async function failed(error: unknown, mask: Mask): Promise<AttemptOutcome> {
  try {
    return await failureOf(error, mask);
  } catch {
    // What was thrown refuses even to be asked what it is. Without an outcome the job would be handed back, and run for ever.
    return failure(mask, "JOB_TYPE_ERROR", indescribable, {});
  }
}

const indescribable = "The job threw something that cannot be described";

async function failureOf(error: unknown, mask: Mask): Promise<AttemptOutcome> {
  if (!(error instanceof JobError)) return failure(mask, "JOB_TYPE_ERROR", describe(error), {});
  const { retryable, retryAfterSeconds = 0 } = error;
  return failure(mask, error.code, error.message, error.details ?? {}, retryable, retryAfterSeconds);
}

async function failure(
  mask: Mask,
  code: JobErrorCode,
  message: string,
  details: Readonly<Record<string, unknown>>,
  retryable: boolean = jobErrors[code].retryable,
  retryAfterSeconds = 0,
): Promise<AttemptOutcome> {
  return {
    status: "FAILED",
    failure: {
      code,
      message: storableText(mask.text(message.slice(0, longestMessage))),
      retryable,
      details: await storableDetails(details, mask),
    },
    retryAfterSeconds: Number.isFinite(retryAfterSeconds) ? retryAfterSeconds : 0,
  };
}

/** Details that cannot be stored are left out and named, so that the failure itself is told. */
async function storableDetails(
  details: Readonly<Record<string, unknown>>,
  mask: Mask,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const json = boundedJson(details, longestFailure);
    if (mask.values().length === 0) return details;
    const masked: unknown = JSON.parse(await maskedJson(mask, json));
    return typeof masked === "object" && masked !== null ? { ...masked } : {};
  } catch (error) {
    return { omitted: storableText(mask.text(`The details cannot be stored: ${reasonOf(error)}`)) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && typeof error.message === "string" ? error.message : describe(error);
}

/** Job code may throw anything at all. */
function describe(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : `The job threw ${String(error)}`;
  } catch {
    return indescribable;
  }
}
