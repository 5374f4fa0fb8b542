import type { Sql } from "../sql.ts";

/**
 * Puts jobs under a limit that were being inserted while it was set: the insert did not see the limit, and the limit not the
 * insert. Looks at definitions and customers whose limits have been set within a minute; where there are none it costs nothing.
 *
 * @returns the number of jobs that had been missed
 */
export async function limitMissedJobs(sql: Sql): Promise<number> {
  const rows = await sql`
    with recent as materialized (
      select customer_code, definition_id, null as job_type from job_definition
       where max_concurrent is not null and updated_at > app_now() - interval '1 minute'
      union all
      select customer_code, null, null from customer
       where max_concurrent is not null and limited_at > app_now() - interval '1 minute'
      union all
      select customer_code, null, job_type from customer_type_limit
       where limited_at > app_now() - interval '1 minute'
    )
    update job_queue q
       set limited = true, state = case when q.state = 'ready' then 'blocked' else q.state end
      from recent r
     where not q.limited and q.customer_code = r.customer_code
       and (r.definition_id is null or q.definition_id = r.definition_id)
       and (r.job_type is null or q.job_type = r.job_type)
    returning 1`;
  return rows.length;
}
