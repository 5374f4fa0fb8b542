import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/**
 * Lets go of one held job of each of the given definitions, where no other unfinished job of its schedule is in its way: first one
 * that the schedule holds, which nothing is in the way of once its jobs may overlap, then its backfills in the order of their times. `ready`, or `blocked` where a limit may hold it; its time in the
 * queue begins now.
 *
 * The caller has locked the schedules in an earlier statement, so that nothing is made meanwhile. Where a definition is
 * gone there is nothing to lock, and nothing made; two callers then choose the same job, and one of them gets it.
 */
export async function letHeldJobs(sql: Sql, definitionIds: readonly string[]): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with next as (
      select held.id
        from unnest(${definitionIds}::uuid[]) as asked (id)
       cross join lateral (
          select * from (
            (select q.id, q.hold_until, 1 as turn from job_queue q
              where q.state = 'held' and q.definition_id = asked.id and q.trigger_kind in ('schedule', 'catchUp')
              order by q.scheduled_for, q.id limit 1)
            union all
            (select q.id, q.hold_until, 2 from job_queue q
              where q.state = 'held' and q.definition_id = asked.id and q.trigger_kind = 'backfill'
              order by q.scheduled_for, q.id limit 1)) first
           order by first.turn limit 1) held
       where held.hold_until <= app_now() or not exists (
          select from job_queue a
           where a.definition_id = asked.id and a.trigger_kind in ('schedule', 'catchUp', 'backfill')
             and a.state <> 'held')
          or held.turn = 1 and exists (
          select from job_definition d
           where d.definition_id = asked.id and d.schedule is not null
             and coalesce(d.schedule ->> 'overlap', 'allow') = 'allow')
    )
    update job_queue q set state = case when q.limited then 'blocked' else 'ready' end, hold_until = null,
           queue_deadline = app_now() + (q.options ->> 'queueTimeoutSeconds')::integer * interval '1 s'
      from next where q.id = next.id and q.state = 'held'
    returning q.id, q.limited, q.customer_code, q.definition_id, q.concurrency_key, q.trigger_kind`;
  return rows.map(toLeftPlace);
}
