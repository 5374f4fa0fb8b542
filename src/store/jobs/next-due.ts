import type { Sql } from "../sql.ts";

/** In how many milliseconds the next job is due that is scheduled, or waits for a time; null: there is none. */
export async function nextDueInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ in_ms: number | null }>`
    select extract(epoch from least(
             (select min(run_at) from job_queue where state = 'scheduled'),
             (select min(wake_at) from job_queue where state = 'waiting' and wake_at is not null)
           ) - app_now())::float8 * 1000 as in_ms`;
  return row?.in_ms ?? null;
}
