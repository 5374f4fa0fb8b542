import type { Attempt } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/**
 * Lists the runs of a job in their order. Runs before the last have rows of their own; the last is told by the queue while it
 * runs, and by the job once it has ended.
 */
export async function listAttempts(sql: Sql, customerCode: string, key: JobKey): Promise<Attempt[]> {
  return sql<Attempt>`
    select a.run, a.attempt, a.outcome, a.started_at as "startedAt", a.finished_at as "finishedAt", a.error
      from job j join job_attempt a on a.day = j.day and a.job_id = j.id
     where j.customer_code = ${customerCode} and j.day = ${key.day}::date and j.id = ${key.id}::uuid
    union all
    select q.runs, q.attempts_used + 1, 'RUNNING', q.started_at, null, null
      from job_queue q
     where q.id = ${key.id}::uuid and q.customer_code = ${customerCode} and q.state = 'claimed'
    union all
    select j.runs, j.attempt, j.status, j.started_at, j.finished_at, j.error
      from job j
     where j.customer_code = ${customerCode} and j.day = ${key.day}::date and j.id = ${key.id}::uuid
       and j.status <> 'STARTED' and j.started_at is not null
     order by 1`;
}
