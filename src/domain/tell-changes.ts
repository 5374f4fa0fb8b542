/** What live readers are told of jobs and definitions: enough to know what to read again, once it is committed. */
import type { JobPhase, JobStatus } from "../model/job-state.ts";
import type { ChangeFeed } from "../runtime/change-feed.ts";

/** The job that has changed, as far as every place knows it. */
export interface ChangedJob {
  readonly customerCode: string;
  readonly jobId: string;
  readonly jobType: string;
  readonly jobDefinitionCode: string | null;
}

/** Tells that a job is now in a phase. */
export function tellJob(changes: ChangeFeed, job: ChangedJob, status: JobStatus, phase: JobPhase): void {
  const { customerCode, jobId, jobType, jobDefinitionCode } = job;
  if (!changes.isRead(customerCode)) return;
  changes.tell({ customerCode, kind: "job", data: { jobId, jobType, jobDefinitionCode, status, phase } });
}

/** Tells that a definition was made, changed or deleted. */
export function tellDefinition(
  changes: ChangeFeed,
  customerCode: string,
  jobDefinitionCode: string,
  change: "created" | "changed" | "deleted",
): void {
  changes.tell({ customerCode, kind: "definition", data: { jobDefinitionCode, change } });
}
