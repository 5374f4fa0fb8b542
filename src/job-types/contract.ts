/**
 * What a job type is, and all that it may see of the world.
 *
 * A job type imports this file and npm packages, nothing else: no database handle, no configuration, no other type.
 */
import type { Static, TObject, TSchema } from "typebox";
import type { GuardedFetch } from "../model/outgoing-request.ts";

export { JobError } from "../model/errors.ts";
export {
  type OutgoingRequest,
  type OutgoingResponse,
  type RequestTimings,
  unsettableHeaders,
} from "../model/outgoing-request.ts";

/**
 * The job's own log, which people read through the API: one line of text per call, 8,192 characters at most. A job keeps
 * 10,000 lines and 1 MiB over all its runs; what goes beyond is counted and dropped. Nothing here throws or waits.
 */
export interface JobLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** What a running attempt is given. */
export interface JobContext {
  readonly job: {
    readonly id: string;
    readonly jobType: string;
    readonly jobDefinitionCode: string | null;
    /** RFC 3339; the nominal time of the occurrence that made the job. */
    readonly scheduledFor: string | null;
    readonly createdAt: string;
  };
  /** 1 for the first. */
  readonly attempt: number;
  /** Aborted on cancel, timeout and stop; its reason is what the attempt should reject with. */
  readonly signal: AbortSignal;
  /** The guarded way out: the only network a job has. */
  readonly fetch: GuardedFetch;
  readonly log: JobLog;
  /**
   * Tells how far the run has come, as often as it likes: the last report of each half second is kept. Numbers are finite and
   * from 0, in any unit; others are ignored and named in the log. `message` is 1,000 characters at most. Throws nothing.
   */
  readonly progress: (done: number, total: number, message?: string) => void;
}

/** Options that a type sets for its jobs unless the definition says otherwise. */
export interface JobTypeDefaults {
  /** 1–86,400. */
  readonly timeoutSeconds: number;
}

/** A template for jobs: a schema for the params, and the code that runs. */
export interface JobType<Params extends TObject = TObject, Result extends TSchema = TSchema> {
  /** Matches `^[A-Za-z][A-Za-z0-9]{0,63}$`. */
  readonly code: string;
  readonly name: string;
  readonly description: string;
  readonly paramsSchema: Params;
  readonly resultSchema: Result;
  /** Rules that a JSON Schema cannot say, checked at creation and again before each run; throws nothing. */
  checkParams?(params: Static<Params>): readonly { path: string; message: string }[];
  readonly defaults: JobTypeDefaults;
  run(ctx: JobContext, params: Static<Params>): Promise<Static<Result>>;
}

/** Declares a job type; gives `run` the types of its schemas. */
export function defineJobType<Params extends TObject, Result extends TSchema>(
  type: JobType<Params, Result>,
): JobType<Params, Result> {
  return type;
}
