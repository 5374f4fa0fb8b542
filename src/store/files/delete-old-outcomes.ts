import type { Sql } from "../sql.ts";

/** Forgets what jobs that have ended made of files, a day after, at most `limit`. @returns how many */
export async function deleteOldOutcomes(sql: Sql, limit: number): Promise<number> {
  const rows = await sql`
    delete from file_outcome where ctid in (
      select o.ctid from file_outcome o
       where o.made_at < app_now() - interval '24 hours' and not exists (select from job_queue q where q.id = o.job_id)
       order by o.made_at limit ${limit} for update skip locked)
    returning 1 as deleted`;
  return rows.length;
}
