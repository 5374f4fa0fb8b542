import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { Finish, JobFinisher } from "../domain/finish-jobs.ts";
import type { JobFailure } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import { createSecretMask } from "../model/mask-secrets.ts";
import { retryDelayMs } from "../model/retry.ts";
import { storableJson } from "../model/storable-json.ts";
import { type AttemptOutcome, failed } from "./run-outcome.ts";

/** Whether the job has ended, or runs again (after a pause, or when what it waits for is there), or was taken from the node. */
export type WrittenOutcome = "ended" | "again" | "claimLost";

/** Writes the outcome of an attempt: an end, a retry, or a wait. @param aheadMs from the claim to the begin of the run */
export type OutcomeWriter = (job: ClaimedJob, outcome: AttemptOutcome, aheadMs: number) => Promise<WrittenOutcome>;

/** In its place comes why the job is to stop, which its row in the queue says. */
const stopped = storableJson({
  code: "CANCELLED",
  message: "The job was to stop.",
  retryable: false,
  details: {},
} satisfies JobFailure);

const refusal = new JobError("INVALID_RESULT", "PostgreSQL refused to store what the job returned or threw.");

/**
 * Makes the writer of outcomes.
 *
 * An outcome that PostgreSQL refuses is written as a failure that says so: handed back, the job would run and be refused
 * for ever. The writer rejects where the outcome could be written neither so nor so.
 *
 * @param now milliseconds since the epoch, by the database's clock
 */
export function createOutcomeWriter(finisher: JobFinisher, now: () => number): OutcomeWriter {
  return async (job, outcome, aheadMs) => {
    const first = await write(finisher, now, job, outcome, aheadMs);
    if (first !== "refused") return first;
    const second = await write(finisher, now, job, await failed(refusal, createSecretMask()), aheadMs);
    if (second === "refused") throw new Error("PostgreSQL refused a job's outcome, and the failure that says so");
    return second;
  };
}

async function write(
  finisher: JobFinisher,
  now: () => number,
  job: ClaimedJob,
  outcome: AttemptOutcome,
  aheadMs: number,
): Promise<WrittenOutcome | "refused"> {
  const { id, claim, run, customerCode, jobId, day, jobType, jobDefinitionCode, parentId } = job;
  const end = async ({ status, result, error }: Pick<Finish, "status" | "result" | "error">) => {
    const ended = await finisher.finish({
      customerCode,
      jobId,
      day,
      id,
      jobType,
      jobDefinitionCode,
      triggerKind: job.trigger.kind,
      parentId,
      claim,
      run,
      aheadMs,
      status,
      result,
      error,
    });
    return ended === "written" ? "ended" : ended;
  };
  if (outcome.status === "COMPLETED") return end({ status: "COMPLETED", result: outcome.result, error: null });

  if (outcome.status === "SUSPENDED") {
    const { waitTimeoutSeconds } = job.options;
    const suspended = await finisher.suspend({ day, id, claim, run, aheadMs, waitTimeoutSeconds, ...outcome.wait });
    // A job that is to stop does not wait: while its claim is still this one, it ends now.
    if (suspended === "claimLost") return end({ status: "FAILED", result: null, error: stopped });
    return suspended === "written" ? "again" : suspended;
  }

  const { failure, retryAfterSeconds } = outcome;
  const { retry } = job.options;
  const error = storableJson(failure);
  if (!failure.retryable || job.attempt >= retry.maxAttempts) return end({ status: "FAILED", result: null, error });
  const delayMs = retryDelayMs(retry, job.attempt, Math.random(), retryAfterSeconds);
  const { totalSeconds } = retry;
  const firstMs = job.firstStartedAt.getTime() + (run === 1 ? aheadMs : 0);
  const leftMs = firstMs + (totalSeconds ?? Number.POSITIVE_INFINITY) * 1000 - now();
  if (delayMs > leftMs) return end({ status: "FAILED", result: null, error });
  const retried = await finisher.retry({ day, id, claim, run, aheadMs, error, delayMs, totalSeconds });
  // No other attempt for a job that is to stop: while its claim is still this one, it ends now.
  if (retried === "claimLost") return end({ status: "FAILED", result: null, error });
  return retried === "written" ? "again" : retried;
}
