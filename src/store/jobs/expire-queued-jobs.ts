import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/**
 * Fails jobs, with `error`, that have not started within their `queueTimeoutSeconds`, at most `limit`.
 *
 * @returns the places that they left
 */
export async function expireQueuedJobs(sql: Sql, error: string, limit: number): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with late as (
      select * from job_queue
       where queue_deadline <= app_now() and state in ('ready', 'blocked', 'held') and runs = 0
       order by queue_deadline limit ${limit} for update skip locked
    ), removed as (
      delete from job_queue where id in (select id from late)
    ), failed as (
      update job j set status = 'FAILED', error = ${error}::text::json, finished_at = app_now()
        from late l where j.customer_code = l.customer_code and j.day = l.day and j.id = l.id
    )
    select id, limited, customer_code, definition_id, concurrency_key from late`;
  return rows.map(toLeftPlace);
}
