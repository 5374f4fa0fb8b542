import type { QueueState } from "../../model/job-state.ts";
import type { Sql } from "../sql.ts";
import { type EndedJob, type EndedJobRow, toEndedJob } from "./ended-job.ts";

/** The channel on which nodes hear that a job they may be running is to stop. */
export const cancelChannel = "punctual_cancels";

/** A job as a cancel found it: unless it ran, it has ended. */
export type CancelledJob = EndedJob & { readonly state: QueueState };

/**
 * Ends jobs that do not run, as FAILED with `error`; those that run are marked, so that their nodes stop them and nothing
 * lets them run again, and every node is told when the transaction commits. All stay locked until then, in the order in which
 * whoever needs several takes them: ancestors first, then by id.
 *
 * @returns those that the queue has of the customer
 */
export async function cancelJobs(
  sql: Sql,
  customerCode: string,
  ids: readonly string[],
  error: string,
): Promise<CancelledJob[]> {
  const rows = await sql<EndedJobRow & { state: QueueState }>`
    with target as (
      select * from job_queue where id = any (${ids}::uuid[]) and customer_code = ${customerCode}
       order by depth, id for update
    ), marked as (
      update job_queue q set cancellation = coalesce(q.cancellation, ${error}::text::json)
        from target t where q.id = t.id and t.state = 'claimed'
      returning pg_notify(${cancelChannel}, q.id::text)
    ), removed as (
      delete from job_queue q using target t where q.id = t.id and t.state <> 'claimed'
    ), failed as (
      update job j
         set status = 'FAILED', error = ${error}::text::json,
             attempt = t.attempts_used + (t.ran_ms is not null)::integer,
             first_started_at = t.first_started_at, finished_at = app_now()
        from target t
       where t.state <> 'claimed' and j.customer_code = t.customer_code and j.day = t.day and j.id = t.id
    )
    select day, id, limited, customer_code, job_type, trigger_kind, definition_id, job_definition_code, concurrency_key,
           parent_id, state, 'FAILED' as status, coalesce(options ->> 'skipNotification', 'false') = 'false' as notifies,
           (select count(*) from marked) as marked
      from target`;
  return rows.map((row) => ({ ...toEndedJob(row), state: row.state }));
}
