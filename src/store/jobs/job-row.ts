import type { Job, JobFailure, JsonObject, TriggerKind } from "../../model/job.ts";
import { formatJobId } from "../../model/job-id.ts";
import { type JobStatus, phaseOf, type QueueState, waitingForOf } from "../../model/job-state.ts";

/** A job's columns, with those of its row in the queue (null once it is done). */
export interface JobRow {
  day: string;
  id: string;
  status: JobStatus;
  job_type: string;
  job_definition_code: string | null;
  definition_version: number | null;
  params: JsonObject;
  result: unknown;
  error: JobFailure | null;
  attempt: number;
  max_attempts: number;
  priority: number;
  trigger_kind: TriggerKind;
  trigger_by: string | null;
  scheduled_for: Date | null;
  created_at: Date;
  run_at: Date;
  first_started_at: Date | null;
  finished_at: Date | null;
  state: QueueState | null;
  attempts_used: number | null;
  /** Whether its present attempt has begun and waited since. */
  has_waited: boolean;
  /** Whether it waits for a time. */
  has_timer: boolean;
  /** Whether the definition, or a key, has a limit that may hold the job. */
  limited_by_definition: boolean;
  progress: JsonObject | null;
}

/** Reads a job from its row. */
export function toJob(row: JobRow): Job {
  const attemptsUsed = row.attempts_used ?? 0;
  // A statement sees one moment: a row that is STARTED without a place in the queue cannot be.
  const state = row.status === "STARTED" ? row.state : null;
  const startedAt = row.first_started_at;
  return {
    jobId: formatJobId(row),
    status: row.status,
    phase: phaseOf(state, attemptsUsed),
    waitingFor: waitingForOf(
      state,
      row.limited_by_definition ? "definitionLimit" : "customerLimit",
      row.has_timer ? "timer" : "children",
    ),
    jobType: row.job_type,
    jobDefinitionCode: row.job_definition_code,
    definitionVersion: row.definition_version,
    params: row.params,
    result: row.result ?? null,
    error: row.error,
    progress: row.progress,
    attempt: state === null ? row.attempt : attemptsUsed + (state === "claimed" || row.has_waited ? 1 : 0),
    maxAttempts: row.max_attempts,
    priority: row.priority,
    trigger: { kind: row.trigger_kind, by: row.trigger_by, scheduledFor: row.scheduled_for },
    createdAt: row.created_at,
    runAt: row.run_at,
    startedAt,
    finishedAt: row.finished_at,
    queueMs: startedAt ? Math.max(0, startedAt.getTime() - row.run_at.getTime()) : null,
    durationMs: startedAt && row.finished_at ? row.finished_at.getTime() - startedAt.getTime() : null,
  };
}
