import type { Job, TriggerKind } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { JobPhase, JobStatus } from "../../model/job-state.ts";
import type { Sql } from "../sql.ts";
import { type JobRow, toJob } from "./job-row.ts";

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

/** A job without what may be large: its params and its result. */
export type JobSummary = Omit<Job, "params" | "result">;

/** Lists a customer's jobs, newest first, from behind `before`. */
export async function listJobs(
  sql: Sql,
  customerCode: string,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobSummary[]> {
  const rows = await sql<JobRow>`
    select j.day, j.id, j.status, j.job_type, j.job_definition_code, j.definition_version,
           null as params, null as result,
           case when j.error is not null then jsonb_set(j.error::jsonb, '{details}', '{}') end as error,
           j.attempt, j.max_attempts, j.priority, j.trigger_kind, j.trigger_by, j.scheduled_for, j.created_at, j.run_at,
           coalesce(j.first_started_at, q.first_started_at) as first_started_at, j.finished_at,
           q.state, q.attempts_used, q.ran_ms is not null as has_waited, q.wake_at is not null as has_timer, coalesce(q.progress, j.progress) as progress,
           q.concurrency_key is not null or exists (
             select from job_definition d
              where d.definition_id = q.definition_id and d.max_concurrent is not null) as limited_by_definition
      from job j left join job_queue q on q.id = j.id
     where j.customer_code = ${customerCode}
       and (j.day, j.id) < (${before?.day ?? "infinity"}::date, ${before?.id ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid)
       and j.day >= (coalesce(${filter.createdAfter}::timestamptz, '-infinity') at time zone 'UTC')::date
       and j.day <= (coalesce(${filter.createdBefore}::timestamptz, 'infinity') at time zone 'UTC')::date
       and j.created_at >= coalesce(${filter.createdAfter}::timestamptz + interval '1 millisecond', '-infinity')
       and j.created_at < coalesce(${filter.createdBefore}::timestamptz, 'infinity')
       and (${filter.status}::text is null or j.status = ${filter.status})
       and (${filter.jobType}::text is null or j.job_type = ${filter.jobType})
       and (${filter.jobDefinitionCode}::text is null or j.job_definition_code = ${filter.jobDefinitionCode})
       and (${filter.trigger}::text is null or j.trigger_kind = ${filter.trigger})
       and (${filter.phase}::text is null or ${filter.phase} = case
             when j.status <> 'STARTED' then 'DONE'
             when q.state = 'claimed' then 'RUNNING'
             when q.state = 'waiting' then 'WAITING'
             when q.attempts_used > 0 then 'RETRYING'
             when q.state = 'scheduled' then 'SCHEDULED'
             else 'QUEUED' end)
     order by j.day desc, j.id desc
     limit ${limit}`;
  return rows.map((row) => {
    const { params: _, result: __, ...summary } = toJob(row);
    return summary;
  });
}
