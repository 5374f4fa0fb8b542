import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/**
 * Puts scheduled jobs into the queue whose time has come, at most `limit`, oldest first: `ready`, or `blocked` where a limit
 * may hold them.
 *
 * @returns the places that they left
 */
export async function promoteJobs(sql: Sql, limit: number): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with due as (
      select id from job_queue where state = 'scheduled' and run_at <= app_now()
       order by run_at limit ${limit} for update skip locked
    )
    update job_queue set state = case when limited then 'blocked' else 'ready' end
     where id in (select id from due)
    returning id, limited, customer_code, definition_id, concurrency_key`;
  return rows.map(toLeftPlace);
}
