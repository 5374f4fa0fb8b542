import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/**
 * Puts jobs back into the queue that waited for a time which has come, at most `limit`, oldest first: `ready`, or `blocked` where a
 * limit may hold them.
 */
export async function wakeJobs(sql: Sql, limit: number): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with due as (
      select id from job_queue where state = 'waiting' and wake_at <= app_now()
       order by wake_at limit ${limit} for update skip locked
    )
    update job_queue
       set state = case when limited then 'blocked' else 'ready' end, wake_at = null, wait_deadline = null
     where id in (select id from due)
    returning id, limited, customer_code, definition_id, concurrency_key`;
  return rows.map(toLeftPlace);
}
