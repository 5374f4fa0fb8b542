import type { JobSummary } from "../domain/list-jobs.ts";
import type { Job } from "../model/job.ts";

/** A job as the API answers it. */
export function presentJob(job: Job): object {
  return { ...presentJobSummary(job), params: job.params, result: job.result };
}

/** A job as lists answer it. */
export function presentJobSummary(job: JobSummary): object {
  const { jobId, status, phase, waitingFor, jobType, jobDefinitionCode, definitionVersion } = job;
  const { error, progress, attempt, maxAttempts, priority, trigger, queueMs, durationMs } = job;
  return {
    jobId,
    status,
    phase,
    waitingFor,
    jobType,
    jobDefinitionCode,
    definitionVersion,
    error,
    progress,
    attempt,
    maxAttempts,
    priority,
    trigger: { kind: trigger.kind, by: trigger.by, scheduledFor: trigger.scheduledFor },
    createdAt: job.createdAt,
    runAt: job.runAt,
    startedAt: job.startedAt,
    finishedAt: job.finishedAt,
    queueMs,
    durationMs,
  };
}
