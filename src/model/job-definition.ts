/** A customer's named use of a job type. */
import type { JsonObject } from "./job.ts";
import type { GivenJobOptions } from "./job-options.ts";
import type { JobStatus } from "./job-state.ts";
import type { GivenSchedule } from "./schedule.ts";

/** A definition as it is stored: options and schedule hold only what was said. */
export interface JobDefinition {
  /** Ours; a successor under the same code has another, so it inherits nothing. */
  readonly id: string;
  readonly jobDefinitionCode: string;
  readonly jobType: string;
  readonly name: string;
  readonly description: string;
  readonly schedule: GivenSchedule | null;
  readonly params: JsonObject;
  readonly options: GivenJobOptions;
  readonly paused: boolean;
  readonly pausedReason: string | null;
  readonly pausedBy: string | null;
  readonly version: number;
  readonly nextFireAt: Date | null;
  readonly lastJob: { readonly jobId: string; readonly status: JobStatus; readonly finishedAt: Date | null } | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly updatedBy: string | null;
}

/** The part of a definition that people edit. */
export type JobDefinitionContent = Pick<
  JobDefinition,
  "jobDefinitionCode" | "jobType" | "name" | "description" | "schedule" | "params" | "options"
>;

/** What is kept of each save of a definition. */
export type SavedContent = Omit<JobDefinitionContent, "jobDefinitionCode">;

/** One save of a definition that changed what it says. */
export interface DefinitionSave {
  /** The definition's version that it made. */
  readonly version: number;
  readonly savedAt: Date;
  readonly savedBy: string | null;
}

/** Codes of definitions, buckets, collections and secrets. */
export const codePattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$";
