/** A job as its readers see it, and a new one as it is written. */
import type { JobErrorCode } from "./job-errors.ts";
import type { JobOptions } from "./job-options.ts";
import type { JobPhase, JobStatus, WaitingFor } from "./job-state.ts";

/** Codes of job types. */
export const jobTypeCodePattern = "^[A-Za-z][A-Za-z0-9]{0,63}$";

/** What can make a job: a call, a schedule on time or behind it, a range of past times, a rerun, a parent job. */
export const triggerKinds = ["api", "schedule", "catchUp", "backfill", "rerun", "sequence"] as const;

/** One of the things that make a job. */
export type TriggerKind = (typeof triggerKinds)[number];

/** What made a job, and who. */
export interface Trigger {
  readonly kind: TriggerKind;
  /** The email of the person behind the key, or behind the schedule. */
  readonly by: string | null;
  readonly scheduledFor: Date | null;
}

/** Why a job failed. */
export interface JobFailure {
  readonly code: JobErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** One run of a job. Lost, handed-back and suspended ones use up no attempt, so several may have the same number. */
export interface Attempt {
  /** From 1, over all runs. */
  readonly run: number;
  readonly attempt: number;
  readonly outcome: "RUNNING" | "COMPLETED" | "FAILED" | "LOST" | "HANDED_BACK" | "SUSPENDED";
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly error: JobFailure | null;
}

/** JSON as it is stored: text of a value that has been checked. */
export type JsonText = string;

/** An object that came from JSON, or can be written as JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A job as it is read. */
export interface Job {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly phase: JobPhase;
  readonly waitingFor: WaitingFor | null;
  readonly jobType: string;
  readonly jobDefinitionCode: string | null;
  readonly definitionVersion: number | null;
  readonly params: JsonObject;
  readonly result: unknown;
  readonly error: JobFailure | null;
  /** Of the run that is under way, or of the last one. */
  readonly progress: JsonObject | null;
  readonly attempt: number;
  readonly maxAttempts: number;
  readonly priority: number;
  readonly trigger: Trigger;
  readonly createdAt: Date;
  readonly runAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** From the moment it might have run to its first start. */
  readonly queueMs: number | null;
  /** From its last start to its end. */
  readonly durationMs: number | null;
}

/** A job that is to be written. */
export interface NewJob {
  readonly id: string;
  readonly customerCode: string;
  readonly jobType: string;
  readonly definition: { readonly id: string; readonly code: string; readonly version: number } | null;
  readonly params: JsonText;
  readonly options: JobOptions;
  /** Jobs of the customer with the same key run one at a time; null is no key. */
  readonly concurrencyKey: string | null;
  readonly trigger: Trigger;
  /** null: at once. */
  readonly runAt: Date | null;
  readonly audit: { readonly actor: string; readonly action: string; readonly subject: string } | null;
}
