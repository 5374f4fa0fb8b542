/**
 * How a run ends to wait, and what it was given when it last did.
 *
 * A run waits by being aborted with a `Suspension`: whatever it has under way ends, whatever it returns or throws afterwards counts for
 * nothing, and every further call of `sleepUntil` or `jobs` rejects with the same. A run that was aborted before waits no more.
 */
import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { JobContext } from "../job-types/contract.ts";
import { largestState, mostWaits } from "../model/child-job.ts";
import type { JsonText } from "../model/job.ts";
import { JobError } from "../model/job-errors.ts";
import { boundedJson } from "./measure-json.ts";
import type { RunAbort } from "./run-abort.ts";

/** What a run waits for. */
export type Wait =
  | { readonly wakeAt: Date; readonly state: JsonText }
  /** Ids of children, without their days. */
  | { readonly awaits: readonly string[] };

/** The reason with which a run that is to wait is aborted. */
export class Suspension extends Error {
  readonly wait: Wait;

  constructor(wait: Wait) {
    super("The run has ended to wait; let this through, and run begins again.");
    this.name = "Suspension";
    this.wait = wait;
  }
}

/** Ends a run to wait; rejects with what the run is to reject with. */
export type Suspend = (wait: Wait) => Promise<never>;

/** Makes the way in which one run waits. */
export function createSuspend(job: ClaimedJob, abort: RunAbort): Suspend {
  return async (wait) => {
    if (job.run > mostWaits) {
      throw misuse(
        `The job has run ${job.run} times; one that waits more often than ${mostWaits} times is a schedule.`,
      );
    }
    abort.abort(new Suspension(wait));
    throw abort.reason;
  };
}

/**
 * Makes `ctx.sleepUntil`.
 *
 * @param now milliseconds since the epoch, by the database's clock
 * @param keep makes of a state what may be stored of it
 */
export function createSleepUntil(
  job: ClaimedJob,
  suspend: Suspend,
  now: () => number,
  keep: (state: JsonText) => JsonText,
): JobContext["sleepUntil"] {
  async function sleepUntil(time: Date, state: unknown): Promise<never> {
    if (!(time instanceof Date) || !Number.isFinite(time.getTime())) {
      throw misuse(`sleepUntil needs a Date that is a time; it was given ${describe(time)}.`);
    }
    const { waitTimeoutSeconds } = job.options;
    if (time.getTime() > now() + waitTimeoutSeconds * 1000) {
      throw misuse(
        `sleepUntil was given ${time.toISOString()}, which is more than options.waitTimeoutSeconds, ${waitTimeoutSeconds} s, ahead. Raise it (31 days at most), or sleep less.`,
      );
    }
    // Whatever has passed means at once; PostgreSQL holds no time before the year -4713.
    const wakeAt = new Date(Math.max(0, time.getTime()));
    return suspend({ wakeAt, state: keep(stateText(state)) });
  }
  return (time, state) => handled(sleepUntil(time, state));
}

function stateText(state: unknown): JsonText {
  try {
    return boundedJson(state, largestState);
  } catch (error) {
    const reason = error instanceof Error ? error.message : describe(error);
    throw misuse(`The state that sleepUntil was given cannot be kept: ${reason}`);
  }
}

/** A fault of the job type's code, which another attempt would only repeat. */
export function misuse(message: string): JobError {
  return new JobError("JOB_TYPE_ERROR", message, { retryable: false });
}

/** A promise that a run may leave alone: its rejection is then no unhandled one, which would end the process. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Job code may give anything at all. */
export function describe(value: unknown): string {
  try {
    return typeof value === "string" ? JSON.stringify(value.slice(0, 100)) : String(value).slice(0, 100);
  } catch {
    return "something that cannot be written as text";
  }
}
