import type { Job } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";
import { type JobRow, toJob } from "./job-row.ts";

/** A job; where its result is stored apart, `result` is null. */
export type FoundJob = Job & { readonly resultApart: boolean };

/** Reads one job of a customer; undefined where there is none. */
export async function findJob(sql: Sql, customerCode: string, key: JobKey): Promise<FoundJob | undefined> {
  const [row] = await sql<JobRow & { result_apart: boolean }>`
    select j.day, j.id, j.status, j.job_type, j.job_definition_code, j.definition_version, j.params, j.result, j.result_apart, j.error,
           j.attempt, j.max_attempts, j.priority, j.trigger_kind, j.trigger_by, j.scheduled_for, j.created_at, j.run_at,
           coalesce(j.first_started_at, q.first_started_at) as first_started_at, j.finished_at,
           q.state, q.attempts_used, q.ran_ms is not null as has_waited, q.wake_at is not null as has_timer, coalesce(q.progress, j.progress) as progress,
           q.concurrency_key is not null or exists (
             select from job_definition d
              where d.definition_id = q.definition_id and d.max_concurrent is not null) as limited_by_definition
      from job j left join job_queue q on q.id = j.id
     where j.customer_code = ${customerCode} and j.day = ${key.day}::date and j.id = ${key.id}::uuid`;
  return row && { ...toJob(row), resultApart: row.result_apart };
}
