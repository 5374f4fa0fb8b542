import type { JobKey } from "../../model/job-id.ts";
import { type JobOptions, tellingOf } from "../../model/job-options.ts";
import type { QueueState } from "../../model/job-state.ts";
import { storedOptions } from "../../model/stored-options.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/** The jobs that one definition gets. */
export interface ScheduledJobs {
  readonly definitionId: string;
  readonly options: JobOptions;
  readonly concurrencyKey: string | null;
  /** Who saved the schedule. */
  readonly by: string | null;
  readonly jobs: readonly {
    readonly id: string;
    readonly kind: "schedule" | "catchUp";
    /** Milliseconds since 1970. */
    readonly scheduledFor: number;
  }[];
}

/**
 * Writes the jobs that schedules make, and their rows in the queue, in one statement. Type, version and params are copied from the
 * definitions, so that nothing large travels.
 *
 * @returns the keys, and the state in which each begins, as `insertJobs` does
 */
export async function insertScheduledJobs(
  sql: Sql,
  definitions: readonly ScheduledJobs[],
): Promise<(JobKey & { state: QueueState })[]> {
  const jobs = definitions.flatMap((one) => one.jobs.map((job) => ({ ...job, definitionId: one.definitionId })));
  return sql<JobKey & { state: QueueState }>`
    with definition as (
      select d.definition_id, d.customer_code, d.job_type, d.job_definition_code, d.version, d.params, g.*,
             g.concurrency_key is not null or d.max_concurrent is not null
               or exists (select from customer c
                           where c.customer_code = d.customer_code and c.max_concurrent is not null)
               or exists (select from customer_type_limit l
                           where l.customer_code = d.customer_code and l.job_type = d.job_type) as limited
        from rows from (unnest(
          ${definitions.map((one) => one.definitionId)}::uuid[],
          ${definitions.map((one) => one.options.priority)}::smallint[],
          ${definitions.map((one) => one.options.retry.maxAttempts)}::smallint[],
          ${definitions.map((one) => String(one.options.retry.onWorkerLost === "fail"))}::text[],
          ${definitions.map((one) => one.concurrencyKey)}::text[],
          ${definitions.map((one) => one.options.queueTimeoutSeconds)}::integer[],
          ${definitions.map((one) => one.by)}::text[],
          ${definitions.map((one) => String(tellingOf(one.options).notifies))}::text[],
          ${definitions.map((one) => String(tellingOf(one.options).tells))}::text[]
        ), json_array_elements(${jsonArray(definitions.map((one) => storedOptions(one.options)))}::text::json)
        ) as g (id, priority, max_attempts, fail_on_loss, concurrency_key, queue_timeout, by, notifies, tells, options)
        join job_definition d on d.definition_id = g.id
    ), entry as (
      select e.id as job_id, e.kind, e.scheduled_for, d.*
        from unnest(
          ${jobs.map((job) => job.id)}::uuid[],
          ${jobs.map((job) => job.definitionId)}::uuid[],
          ${jobs.map((job) => job.kind)}::text[],
          ${jobs.map((job) => new Date(job.scheduledFor).toISOString())}::timestamptz[]
        ) as e (id, definition_id, kind, scheduled_for) join definition d using (definition_id)
    ), made as (
      insert into job (day, id, customer_code, job_type, definition_id, job_definition_code, definition_version,
                       params, options, priority, max_attempts, trigger_kind, trigger_by, scheduled_for,
                       created_at, run_at, notifies, tells)
      select (app_now() at time zone 'UTC')::date, job_id, customer_code, job_type, definition_id, job_definition_code,
             version, params, options, priority, max_attempts, kind, by, scheduled_for, app_now(), app_now(),
             notifies::boolean, tells::boolean
        from entry
      returning day, id
    ), queued as (
      insert into job_queue (id, day, customer_code, job_type, definition_id, priority, run_at, fail_on_loss,
                             concurrency_key, queue_deadline, limited, state, job_definition_code, trigger_kind,
                             trigger_by, scheduled_for, created_at, params, options)
      select job_id, (app_now() at time zone 'UTC')::date, customer_code, job_type, definition_id, priority, app_now(),
             fail_on_loss::boolean, concurrency_key, app_now() + queue_timeout * interval '1 s', limited,
             case when limited then 'blocked' else 'ready' end, job_definition_code, kind, by, scheduled_for, app_now(),
             params, options
        from entry
      returning id, state
    )
    select made.day, made.id, queued.state from made join queued using (id)`;
}
