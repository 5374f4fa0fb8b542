import type { Sql } from "../sql.ts";

/**
 * Makes scheduled jobs ready whose time has come, at most `limit`, oldest first.
 *
 * @returns how many, and when the next one is due (null: none is waiting).
 */
export async function promoteJobs(sql: Sql, limit: number): Promise<{ promoted: number; nextInMs: number | null }> {
  const [row] = await sql<{ promoted: number; next_in_ms: number | null }>`
    with due as (
      select id from job_queue where state = 'scheduled' and run_at <= app_now()
       order by run_at limit ${limit} for update skip locked
    ), promoted as (
      update job_queue set state = 'ready' where id in (select id from due) returning 1
    )
    select (select count(*)::integer from promoted) as promoted,
           (select extract(epoch from min(run_at) - app_now())::float8 * 1000 from job_queue
             where state = 'scheduled' and run_at > app_now()) as next_in_ms`;
  return { promoted: row?.promoted ?? 0, nextInMs: row?.next_in_ms ?? null };
}
