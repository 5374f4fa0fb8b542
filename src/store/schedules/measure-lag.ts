import type { Sql } from "../sql.ts";

/** How far schedules are behind, in seconds; 0 where nothing is. */
export interface ScheduleLag {
  /** How long the schedule that is furthest behind has been due. */
  readonly due: number;
  /** How long what was put aside has waited for its next slice, where it has waited longest. */
  readonly backlog: number;
}

/** Measures how far schedules are behind: two looks at indexes. */
export async function measureLag(sql: Sql): Promise<ScheduleLag> {
  const [row] = await sql<ScheduleLag>`
    select coalesce(extract(epoch from greatest(interval '0', app_now() - (
             select min(next_fire_at) from schedule where next_fire_at is not null))), 0)::float8 as due,
           coalesce(extract(epoch from greatest(interval '0', app_now() - (
             select min(due_at) from schedule_backlog))), 0)::float8 as backlog`;
  return row ?? { due: 0, backlog: 0 };
}
