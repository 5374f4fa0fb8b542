/** Children of a job, as the code of a job type sees them. */
import type { JobFailure, JsonObject } from "./job.ts";
import type { GivenJobOptions } from "./job-options.ts";

/** Levels of children below a job that nobody's child is. */
export const deepestChild = 10;

/** Children that one job may have. */
export const mostChildren = 1_000;

/** Characters of a step. */
export const longestStep = 200;

/** Times that one job may wait; a job that needs more is a schedule. */
export const mostWaits = 10_000;

/** Bytes of JSON that `ctx.state` may have. */
export const largestState = 256 * 1024;

/** Which child is wanted: a use of a definition, or of a job type itself. */
export type ChildRequest = {
  /** Lie shallowly over the definition's; no string in them may refer to a secret. */
  readonly params?: JsonObject;
  /** Lie over the definition's. */
  readonly options?: GivenJobOptions;
  /** 1–9, 1 first. */
  readonly priority?: number;
} & (
  | { readonly jobDefinitionCode: string; readonly jobType?: never }
  | { readonly jobType: string; readonly jobDefinitionCode?: never }
);

/** What a child has come to. */
export interface ChildOutcome {
  readonly jobId: string;
  readonly status: "COMPLETED" | "FAILED";
  /** null where it failed. */
  readonly result: unknown;
  /** null where it completed. */
  readonly error: JobFailure | null;
}

/**
 * Starts jobs and waits for them.
 *
 * A child is known by its step, a name of 1–200 characters that the job type chooses: however often `run` begins anew (after a wait, a
 * rescue or a failed attempt), a step starts one child at most, and its child answers for it.
 */
export interface ChildJobs {
  /**
   * Starts the child of a step; for a step that has one already, answers that one.
   *
   * @throws JobError CHILD_REFUSED
   */
  start(step: string, request: ChildRequest): Promise<{ readonly jobId: string }>;
  /**
   * Answers what the step's child has come to, also where it failed. While the child has not ended this ends the run: do not catch
   * what it throws, and expect `run` to begin again. With a request, starts the child first.
   *
   * @throws JobError CHILD_REFUSED, also for a step without a child
   */
  await(step: string, request?: ChildRequest): Promise<ChildOutcome>;
  /** The same for several steps that have been started; answers in their order once all have ended. */
  awaitAll(steps: readonly string[]): Promise<readonly ChildOutcome[]>;
}
