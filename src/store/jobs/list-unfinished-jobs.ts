import type { Sql } from "../sql.ts";

/** Which of these jobs, by their ids without the day, have not ended. */
export async function listUnfinishedJobs(sql: Sql, ids: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }>`select id from job_queue where id = any (${ids}::uuid[])`;
  return rows.map((row) => row.id);
}
