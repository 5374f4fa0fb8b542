import type { Sql } from "../sql.ts";

/** In how many milliseconds the next schedule is due, or something that was put aside; null: nothing is. */
export async function nextFireInMs(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ in_ms: number | null }>`
    select extract(epoch from least(
             (select min(next_fire_at) from schedule where next_fire_at is not null),
             (select min(due_at) from schedule_backlog)
           ) - app_now())::float8 * 1000 as in_ms`;
  return row?.in_ms ?? null;
}
