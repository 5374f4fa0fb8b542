import type { Job } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";
import { type JobRow, toJob } from "./job-row.ts";

/** A job without what may be large: its params and its result. */
export type JobSummary = Omit<Job, "params" | "result">;

/** Reads jobs of a customer by their keys, newest first; those that have gone meanwhile are missing. */
export async function listJobSummaries(sql: Sql, customerCode: string, keys: readonly JobKey[]): Promise<JobSummary[]> {
  const rows = await sql<JobRow>`
    select j.day, j.id, j.status, j.job_type, j.job_definition_code, j.definition_version,
           null as params, null as result,
           case when j.error is not null then jsonb_set(j.error::jsonb, '{details}', '{}') end as error,
           j.attempt, j.max_attempts, j.priority, j.trigger_kind, j.trigger_by, j.scheduled_for, j.created_at, j.run_at,
           coalesce(j.first_started_at, q.first_started_at) as first_started_at, j.finished_at,
           q.state, q.attempts_used, q.ran_ms is not null as has_waited, q.wake_at is not null as has_timer,
           coalesce(q.progress, j.progress) as progress,
           q.concurrency_key is not null or exists (
             select from job_definition d
              where d.definition_id = q.definition_id and d.max_concurrent is not null) as limited_by_definition
      from unnest(${keys.map((key) => key.day)}::date[], ${keys.map((key) => key.id)}::uuid[]) as k (day, id)
      join job j on j.customer_code = ${customerCode} and j.day = k.day and j.id = k.id
      left join job_queue q on q.id = j.id
     order by j.day desc, j.id desc`;
  return rows.map((row) => {
    const { params: _, result: __, ...summary } = toJob(row);
    return summary;
  });
}
