/**
 * What a job type is, and all that it may see of the world.
 *
 * A job type imports this file, what lies in `shared/`, and npm packages, nothing else: no database handle, no configuration, no other type.
 */
import type { Static, TObject, TSchema } from "typebox";
import type { ChildJobs } from "../model/child-job.ts";
import type { JobFiles } from "../model/job-files.ts";
import type { GuardedFetch } from "../model/outgoing-request.ts";
import type { OpenSftp } from "../model/outgoing-sftp.ts";

export type { ChildJobs, ChildOutcome, ChildRequest } from "../model/child-job.ts";
export { faultOfFileName } from "../model/file-name.ts";
export { FilesReport, faultsOfFileParams, fileParams, TargetFormat } from "../model/file-params.ts";
export { JobError, type JobErrorCode, jobErrors } from "../model/job-errors.ts";
export type { JobFile, JobFiles, OpenJobFile } from "../model/job-files.ts";
export { isDeeperThan } from "../model/json-depth.ts";
export {
  type GuardedFetch,
  type OutgoingRequest,
  type OutgoingResponse,
  unsettableHeaders,
} from "../model/outgoing-request.ts";
export type { SftpFile, SftpSession } from "../model/outgoing-sftp.ts";
export { holdsPlaceholder, secretReferences } from "../model/placeholders.ts";

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

/** Secrets beyond those that the params refer to, which are put into them before `run` begins. */
export interface JobSecrets {
  /**
   * A secret's value. The code belongs to the type's own: one that a caller names in the params, other than as a reference, would pass
   * by the rule that such params need an editor.
   *
   * @throws JobError SECRET_NOT_FOUND, SECRET_UNREADABLE
   */
  get(code: string): Promise<string>;
  /** Has a value hidden in all that the run tells from now on: a token that was given in exchange for a secret, say. */
  hide(value: string): void;
  /**
   * A text as it shows when the run tells it, with values hidden. For what is written in another way before it is told, as with the quotes
   * of a shell, where they would no longer be recognised.
   */
  mask(text: string): string;
}

/** What a running attempt is given. */
export interface JobContext {
  readonly job: {
    readonly id: string;
    readonly customerCode: string;
    readonly jobType: string;
    readonly jobDefinitionCode: string | null;
    /** RFC 3339; the nominal time of the occurrence that made the job. */
    readonly scheduledFor: string | null;
    readonly createdAt: string;
  };
  /** 1 for the first. */
  readonly attempt: number;
  /** How many there are at most. */
  readonly maxAttempts: number;
  /**
   * Aborted on cancel, timeout and stop; its reason is what the attempt should reject with, or else a JobError of the same code
   * whose cause is that reason, and whose details tell how far the run had come.
   */
  readonly signal: AbortSignal;
  /** The guarded way out: with `sftp`, the only network a job has. */
  readonly fetch: GuardedFetch;
  /** Opens a session with an SFTP server by the same way; it ends with the run at the latest. */
  readonly sftp: OpenSftp;
  readonly secrets: JobSecrets;
  /** The buckets of the job's customer. */
  readonly files: JobFiles;
  /**
   * The value of a customer's JSONata expression; undefined where it has none. It is evaluated in another process, for 3 s and in
   * 128 MiB at most, and takes its turn with other customers' expressions.
   *
   * @param inputJson what the expression looks at, as JSON
   * @throws JobError EXPRESSION_FAILED for one that is no JSONata, fails, exceeds a bound, or has more than 4 Mi characters of result
   */
  evaluate(expression: string, inputJson: string): Promise<unknown>;
  /** The database's clock, as near as the node knows it. */
  readonly clock: { now(): Date };
  /** Other jobs that this one starts, and whose ends it waits for without holding a slot. */
  readonly jobs: ChildJobs;
  /** What the job left with its last `sleepUntil`, in whichever attempt; null before. */
  readonly state: unknown;
  /**
   * Ends this run; the job waits without a slot, and `run` begins again from its start once the time has come: the same attempt, with
   * `ctx.state`. A time that has passed means at once. Never resolves: it rejects with what the run must let through. Whatever a
   * run does after it, also where it catches that, counts for nothing, and its signal is aborted.
   *
   * @param time at most `options.waitTimeoutSeconds` ahead
   * @param state JSON, up to 256 KiB; in place of the state before
   * @throws JobError JOB_TYPE_ERROR for any other time or state, and after 10,000 runs
   */
  sleepUntil(time: Date, state?: unknown): Promise<never>;
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
  /**
   * Rules that a JSON Schema cannot say, checked at creation (`stored`: references stand for what is not there yet) and again before each run
   * (`filledIn`; a type whose run says more of what is wrong may leave that to it); throws nothing.
   */
  checkParams?(params: Static<Params>, moment: "stored" | "filledIn"): readonly { path: string; message: string }[];
  readonly defaults: JobTypeDefaults;
  run(ctx: JobContext, params: Static<Params>): Promise<Static<Result>>;
}

/** Declares a job type; gives `run` the types of its schemas. */
export function defineJobType<Params extends TObject, Result extends TSchema>(
  type: JobType<Params, Result>,
): JobType<Params, Result> {
  return type;
}
