import type { Sql } from "../sql.ts";

/** Removes lines of these jobs' logs, at most `limit`. @returns how many */
export async function deleteJobLogs(sql: Sql, day: string, ids: readonly string[], limit: number): Promise<number> {
  const rows = await sql`
    delete from job_log l
     using (select job_id, seq from job_log
             where day = ${day}::date and job_id = any (${ids}::uuid[]) limit ${limit}) gone
     where l.day = ${day}::date and l.job_id = gone.job_id and l.seq = gone.seq
    returning 1 as deleted`;
  return rows.length;
}
