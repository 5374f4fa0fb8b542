/** What live readers are told of jobs, definitions and notifications: enough to know what to read again, once it is committed. */
import type { NewJob } from "../model/job.ts";
import { formatJobId, type JobKey } from "../model/job-id.ts";
import type { JobPhase, JobStatus, QueueState } from "../model/job-state.ts";
import type { Notification } from "../model/notification.ts";
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

/** Tells that a job was made. @param made its key, and the state in which it has begun */
export function tellNewJob(changes: ChangeFeed, job: NewJob, made: JobKey & { readonly state: QueueState }): void {
  const { customerCode, jobType, definition } = job;
  if (!changes.isRead(customerCode)) return;
  const told = { customerCode, jobType, jobId: formatJobId(made), jobDefinitionCode: definition?.code ?? null };
  tellJob(changes, told, "STARTED", made.state === "scheduled" ? "SCHEDULED" : "QUEUED");
}

/** A notification as live readers are told of it. */
export type NewNotification = Pick<Notification, "notificationId" | "kind" | "jobId" | "jobDefinitionCode"> & {
  readonly customerCode: string;
};

/** Tells that there is a new notification. */
export function tellNotification(changes: ChangeFeed, { customerCode, ...notification }: NewNotification): void {
  if (!changes.isRead(customerCode)) return;
  const { jobId, ...rest } = notification;
  const data = { change: "created", ...rest, ...(jobId !== null && { jobId }) };
  changes.tell({ customerCode, kind: "notification", data });
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
