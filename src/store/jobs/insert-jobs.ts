import type { NewJob } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/**
 * Writes new jobs, their rows in the queue and their audit events, in one statement.
 *
 * The day of the ids is the database's. A job whose runAt is ahead waits as `scheduled`.
 *
 * @returns the keys, and whether each may run at once.
 */
export async function insertJobs(sql: Sql, jobs: readonly NewJob[]): Promise<(JobKey & { ready: boolean })[]> {
  return sql<JobKey & { ready: boolean }>`
    with entry as (
      select * from unnest(
        ${jobs.map((job) => job.id)}::uuid[],
        ${jobs.map((job) => job.customerCode)}::text[],
        ${jobs.map((job) => job.jobType)}::text[],
        ${jobs.map((job) => job.definition?.id ?? null)}::uuid[],
        ${jobs.map((job) => job.definition?.code ?? null)}::text[],
        ${jobs.map((job) => job.definition?.version ?? null)}::integer[],
        ${jobs.map((job) => job.params)}::text[],
        ${jobs.map((job) => JSON.stringify(job.options))}::text[],
        ${jobs.map((job) => job.options.priority)}::smallint[],
        ${jobs.map((job) => job.options.retry.maxAttempts)}::smallint[],
        ${jobs.map((job) => String(job.options.retry.onWorkerLost === "fail"))}::text[],
        ${jobs.map((job) => job.trigger.kind)}::text[],
        ${jobs.map((job) => job.trigger.by)}::text[],
        ${jobs.map((job) => job.trigger.scheduledFor?.toISOString() ?? null)}::timestamptz[],
        ${jobs.map((job) => job.runAt?.toISOString() ?? null)}::timestamptz[],
        ${jobs.map((job) => job.audit?.actor ?? null)}::text[],
        ${jobs.map((job) => job.audit?.action ?? null)}::text[],
        ${jobs.map((job) => job.audit?.subject ?? null)}::text[]
      ) as e (id, customer_code, job_type, definition_id, job_definition_code, definition_version, params, options,
              priority, max_attempts, fail_on_loss, trigger_kind, trigger_by, scheduled_for, run_at,
              actor, action, subject)
    ), made as (
      insert into job (day, id, customer_code, job_type, definition_id, job_definition_code, definition_version,
                       params, options, priority, max_attempts, trigger_kind, trigger_by, scheduled_for,
                       created_at, run_at)
      select (app_now() at time zone 'UTC')::date, id, customer_code, job_type, definition_id, job_definition_code,
             definition_version, params::json, options::json, priority, max_attempts, trigger_kind, trigger_by,
             scheduled_for, app_now(), greatest(run_at, app_now())
      from entry
      returning day, id
    ), queued as (
      insert into job_queue (id, day, customer_code, job_type, definition_id, priority, run_at, state, fail_on_loss)
      select id, (app_now() at time zone 'UTC')::date, customer_code, job_type, definition_id, priority,
             greatest(run_at, app_now()), case when run_at > app_now() then 'scheduled' else 'ready' end,
             fail_on_loss::boolean
      from entry
      returning id, state
    ), audited as (
      insert into audit_event (customer_code, audit_event_id, at, actor, action, subject, details)
      select customer_code, id, app_now(), actor, action, subject,
             json_build_object('jobId', to_char(app_now() at time zone 'UTC', 'YYYYMMDD-') || id)
      from entry where actor is not null
    )
    select made.day, made.id, queued.state = 'ready' as ready from made join queued using (id)`;
}
