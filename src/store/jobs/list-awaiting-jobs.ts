import type { Sql } from "../sql.ts";

/** Ids of jobs that wait for children, at most `limit`, in their order from behind `after`. */
export async function listAwaitingJobs(sql: Sql, after: string, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from job_queue where state = 'waiting' and wake_at is null and id > ${after}::uuid order by id limit ${limit}`;
  return rows.map((row) => row.id);
}
