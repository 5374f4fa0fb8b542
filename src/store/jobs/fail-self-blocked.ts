import type { Sql } from "../sql.ts";
import { type EndedJob, type EndedJobRow, toEndedJob } from "./ended-job.ts";

/**
 * Fails those of the given children, with `error`, that have not started and whose ancestors hold all of their definition's
 * `maxConcurrent`: ancestors keep that while they wait, so the child's turn would never come.
 */
export async function failSelfBlocked(sql: Sql, ids: readonly string[], error: string): Promise<EndedJob[]> {
  const rows = await sql<EndedJobRow>`
    with recursive lineage as (
      select c.id, c.definition_id, d.max_concurrent, c.parent_id as ancestor_id
        from job_queue c join job_definition d using (definition_id)
       where c.id = any (${ids}::uuid[]) and c.limited and c.state in ('ready', 'blocked', 'scheduled') and c.runs = 0
         and c.parent_id is not null and d.max_concurrent is not null
      union all
      select l.id, l.definition_id, l.max_concurrent, a.parent_id
        from lineage l join job_queue a on a.id = l.ancestor_id
    ), stuck as (
      select l.id from lineage l join job_queue a on a.id = l.ancestor_id
       where a.definition_id = l.definition_id and a.limited and a.state in ('ready', 'claimed', 'waiting')
       group by l.id, l.max_concurrent
      having count(*) >= l.max_concurrent
    ), held as (
      select q.* from job_queue q
       where q.id in (select id from stuck) and q.state in ('ready', 'blocked', 'scheduled') and q.runs = 0
       order by q.depth, q.id
      for update
    ), removed as (
      delete from job_queue q using held h where q.id = h.id
    )
    update job j set status = 'FAILED', error = ${error}::text::json, finished_at = app_now()
      from held h where j.customer_code = h.customer_code and j.day = h.day and j.id = h.id
    returning j.day, j.id, j.status, h.limited, h.customer_code, h.job_type, j.trigger_kind, h.definition_id, h.job_definition_code,
              h.concurrency_key, h.parent_id, j.notifies`;
  return rows.map(toEndedJob);
}
