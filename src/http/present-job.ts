import type { ReadJob } from "../domain/get-job.ts";
import type { JobSummary } from "../domain/list-jobs.ts";
import type { Job } from "../model/job.ts";
import { type Answer, ok } from "./route.ts";

/** A job as the API answers it. */
export function presentJob(job: Job): object {
  return { ...presentJobSummary(job), params: job.params, result: job.result };
}

/** 200 with a job; a large result goes through as it is stored. */
export function okJob({ largeResult, ...job }: ReadJob): Answer {
  if (!largeResult) return ok(presentJob(job));
  const { result: _, ...rest } = job;
  const others = JSON.stringify({ ...presentJobSummary(rest), params: rest.params });
  return {
    status: 200,
    json: Buffer.concat([Buffer.from(`${others.slice(0, -1)},"result":`), largeResult, Buffer.from("}")]),
  };
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
