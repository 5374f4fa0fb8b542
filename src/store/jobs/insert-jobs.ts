import type { NewJob } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import { tellingOf } from "../../model/job-options.ts";
import type { QueueState } from "../../model/job-state.ts";
import { storedOptions } from "../../model/stored-options.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";

/**
 * Writes new jobs, their rows in the queue and their audit events, in one statement.
 *
 * The day of the ids is the database's. A job whose runAt is ahead waits as `scheduled`, one that a limit holds as
 * `blocked`: admission alone lets it through.
 *
 * @returns the keys, and the state in which each begins.
 */
export async function insertJobs(sql: Sql, jobs: readonly NewJob[]): Promise<(JobKey & { state: QueueState })[]> {
  return sql<JobKey & { state: QueueState }>`
    with entry as (
      select * from rows from (unnest(
        ${jobs.map((job) => job.id)}::uuid[],
        ${jobs.map((job) => job.customerCode)}::text[],
        ${jobs.map((job) => job.jobType)}::text[],
        ${jobs.map((job) => job.definition?.id ?? null)}::uuid[],
        ${jobs.map((job) => job.definition?.code ?? null)}::text[],
        ${jobs.map((job) => job.definition?.version ?? null)}::integer[],
        ${jobs.map((job) => job.options.priority)}::smallint[],
        ${jobs.map((job) => job.options.retry.maxAttempts)}::smallint[],
        ${jobs.map((job) => String(job.options.retry.onWorkerLost === "fail"))}::text[],
        ${jobs.map((job) => job.trigger.kind)}::text[],
        ${jobs.map((job) => job.trigger.by)}::text[],
        ${jobs.map((job) => job.trigger.scheduledFor?.toISOString() ?? null)}::timestamptz[],
        ${jobs.map((job) => job.runAt?.toISOString() ?? null)}::timestamptz[],
        ${jobs.map((job) => job.concurrencyKey)}::text[],
        ${jobs.map((job) => job.options.queueTimeoutSeconds)}::integer[],
        ${jobs.map((job) => String(tellingOf(job.options).notifies))}::text[],
        ${jobs.map((job) => String(tellingOf(job.options).tells))}::text[],
        ${jobs.map((job) => job.audit?.actor ?? null)}::text[],
        ${jobs.map((job) => job.audit?.action ?? null)}::text[],
        ${jobs.map((job) => job.audit?.subject ?? null)}::text[]
      ), json_array_elements(${jsonArray(jobs.map((job) => job.params))}::text::json),
         json_array_elements(${jsonArray(jobs.map((job) => storedOptions(job.options)))}::text::json)
      ) as e (id, customer_code, job_type, definition_id, job_definition_code, definition_version,
              priority, max_attempts, fail_on_loss, trigger_kind, trigger_by, scheduled_for, run_at,
              concurrency_key, queue_timeout, notifies, tells, actor, action, subject, params, options)
    ), made as (
      insert into job (day, id, customer_code, job_type, definition_id, job_definition_code, definition_version,
                       params, options, priority, max_attempts, trigger_kind, trigger_by, scheduled_for,
                       created_at, run_at, notifies, tells)
      select (app_now() at time zone 'UTC')::date, id, customer_code, job_type, definition_id, job_definition_code,
             definition_version, params, options, priority, max_attempts, trigger_kind, trigger_by,
             scheduled_for, app_now(), greatest(run_at, app_now()), notifies::boolean, tells::boolean
      from entry
      returning day, id
    ), queued as (
      insert into job_queue (id, day, customer_code, job_type, definition_id, priority, run_at, fail_on_loss,
                             concurrency_key, queue_deadline, limited, state, job_definition_code, trigger_kind,
                             trigger_by, scheduled_for, created_at, params, options)
      select e.id, (app_now() at time zone 'UTC')::date, e.customer_code, e.job_type, e.definition_id, e.priority,
             greatest(e.run_at, app_now()), e.fail_on_loss::boolean, e.concurrency_key,
             greatest(e.run_at, app_now()) + e.queue_timeout * interval '1 s', held.limited,
             case when e.run_at > app_now() then 'scheduled' when held.limited then 'blocked' else 'ready' end,
             e.job_definition_code, e.trigger_kind, e.trigger_by, e.scheduled_for, app_now(), e.params, e.options
        from entry e cross join lateral (
          select e.concurrency_key is not null
                 or exists (select from customer c
                             where c.customer_code = e.customer_code and c.max_concurrent is not null)
                 or exists (select from job_definition d
                             where d.definition_id = e.definition_id and d.max_concurrent is not null)
                 or exists (select from customer_type_limit l
                             where l.customer_code = e.customer_code and l.job_type = e.job_type) as limited
        ) held
      returning id, state
    ), audited as (
      insert into audit_event (customer_code, audit_event_id, at, actor, action, subject, details)
      select customer_code, id, app_now(), actor, action, subject,
             json_build_object('jobId', to_char(app_now() at time zone 'UTC', 'YYYYMMDD-') || id)
      from entry where actor is not null
    )
    select made.day, made.id, queued.state from made join queued using (id)`;
}
