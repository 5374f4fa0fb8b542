import type { Sql } from "../sql.ts";

/** In how many milliseconds the next scheduled job is due; null: none is scheduled. */
export async function nextDueInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ in_ms: number | null }>`
    select extract(epoch from min(run_at) - app_now())::float8 * 1000 as in_ms from job_queue where state = 'scheduled'`;
  return row?.in_ms ?? null;
}
