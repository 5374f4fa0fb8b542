import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/**
 * Puts those of the given jobs back into the queue that wait for children of which none is unfinished any more: `ready`, or
 * `blocked` where a limit may hold them.
 *
 * A child that has left the queue never comes back, so what this finds stays true; a look after the commit of each child's end, and
 * of each wait's beginning, finds every end, because the later of two looks sees both. At worst a job runs once for nothing.
 */
export async function resumeJobs(sql: Sql, ids: readonly string[]): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with due as (
      select q.id from job_queue q
       where q.id = any (${ids}::uuid[]) and q.state = 'waiting' and q.wake_at is null
         and not exists (select from job_queue c where c.id = any (q.awaits))
       order by q.depth, q.id for update skip locked
    )
    update job_queue q
       set state = case when q.limited then 'blocked' else 'ready' end, awaits = null, wait_deadline = null
      from due where q.id = due.id
    returning q.id, q.limited, q.customer_code, q.definition_id, q.concurrency_key`;
  return rows.map(toLeftPlace);
}
