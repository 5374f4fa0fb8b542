import type { TriggerKind } from "../../model/job.ts";
import type { JobPhase, JobStatus } from "../../model/job-state.ts";

/** Which jobs are wanted; null is any. */
export interface JobFilter {
  readonly status: JobStatus | null;
  readonly phase: JobPhase | null;
  readonly jobType: string | null;
  readonly jobDefinitionCode: string | null;
  readonly trigger: TriggerKind | null;
  /** Exclusive, both; to the millisecond, as times are answered. */
  readonly createdAfter: Date | null;
  readonly createdBefore: Date | null;
}
