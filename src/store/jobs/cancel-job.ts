import type { JobKey } from "../../model/job-id.ts";
import type { QueueState } from "../../model/job-state.ts";
import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/** The channel on which nodes hear that a job they may be running is to stop. */
export const cancelChannel = "punctual_cancels";

/**
 * Ends a job that does not run, as FAILED with `error`; one that runs is marked, so that its node stops it and nothing
 * lets it run again, and every node is told when the transaction commits.
 *
 * @returns the state in which it was found, and the place that it left; undefined where the queue has no such job of the
 *   customer
 */
export async function cancelJob(
  sql: Sql,
  customerCode: string,
  key: JobKey,
  error: string,
): Promise<(LeftPlace & { state: QueueState }) | undefined> {
  const [row] = await sql<LeftPlaceRow & { state: QueueState }>`
    with target as (
      select * from job_queue where id = ${key.id}::uuid and customer_code = ${customerCode} for update
    ), marked as (
      update job_queue q set cancellation = coalesce(q.cancellation, ${error}::text::json)
        from target t where q.id = t.id and t.state = 'claimed'
      returning pg_notify(${cancelChannel}, q.id::text)
    ), removed as (
      delete from job_queue q using target t where q.id = t.id and t.state <> 'claimed'
    ), failed as (
      update job j
         set status = 'FAILED', error = ${error}::text::json, attempt = t.attempts_used,
             first_started_at = t.first_started_at, finished_at = app_now()
        from target t
       where t.state <> 'claimed' and j.customer_code = t.customer_code and j.day = t.day and j.id = t.id
    )
    select id, limited, customer_code, definition_id, concurrency_key, state,
           (select count(*) from marked) as marked
      from target`;
  return row && { ...toLeftPlace(row), state: row.state };
}
