import type { Sql } from "../sql.ts";
import { type EndedJob, type EndedJobRow, toEndedJob } from "./ended-job.ts";

/**
 * Fails jobs that have not started within their `queueTimeoutSeconds`, or whose next attempt has not within their
 * `retry.totalSeconds`, at most `limit`.
 *
 * @param errors JSON: `unstarted` of those that never ran, `unretried` of the others
 */
export async function expireQueuedJobs(
  sql: Sql,
  errors: { readonly unstarted: string; readonly unretried: string },
  limit: number,
): Promise<EndedJob[]> {
  const rows = await sql<EndedJobRow>`
    with late as (
      select * from job_queue
       where queue_deadline <= app_now() and state in ('ready', 'blocked')
         -- Nodes of an earlier version leave a job that they have started the deadline that it had for its start.
         and (runs = 0 or attempts_used > 0
              and first_started_at + (options #>> '{retry,totalSeconds}')::integer * interval '1 s' <= app_now())
       order by queue_deadline limit ${limit} for update skip locked
    ), removed as (
      delete from job_queue where id in (select id from late)
    ), failed as (
      update job j
         set status = 'FAILED', attempt = l.attempts_used, first_started_at = l.first_started_at, finished_at = app_now(),
             error = (case when l.attempts_used = 0 then ${errors.unstarted} else ${errors.unretried} end)::json
        from late l where j.customer_code = l.customer_code and j.day = l.day and j.id = l.id
    )
    select day, id, limited, customer_code, job_type, trigger_kind, definition_id, job_definition_code, concurrency_key,
           parent_id, 'FAILED' as status, coalesce(options ->> 'skipNotification', 'false') = 'false' as notifies
      from late`;
  return rows.map(toEndedJob);
}
