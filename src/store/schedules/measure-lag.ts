import type { Sql } from "../sql.ts";

/** How long the schedule that is furthest behind has been due, in seconds; 0 where none is. One look at an index. */
export async function measureLag(sql: Sql): Promise<number> {
  const [row] = await sql<{ seconds: number }>`
    select coalesce(extract(epoch from greatest(interval '0', app_now() - min(next_fire_at))), 0)::float8 as seconds
      from schedule where next_fire_at is not null`;
  return row?.seconds ?? 0;
}
