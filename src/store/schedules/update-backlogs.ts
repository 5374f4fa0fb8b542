import type { Sql } from "../sql.ts";

/** What is left of a span. Times are milliseconds since 1970. */
export interface BacklogRest {
  readonly id: string;
  /** Nominal; null: nothing is left. */
  readonly from: number | null;
  readonly made: number;
  readonly dueAt: number;
}

/** Writes what is left of spans, and removes those that are settled, under the locks of their schedules. */
export async function updateBacklogs(sql: Sql, rests: readonly BacklogRest[]): Promise<void> {
  await sql`
    with rest as (
      select * from unnest(
        ${rests.map((rest) => rest.id)}::uuid[],
        ${rests.map((rest) => (rest.from === null ? null : new Date(rest.from).toISOString()))}::timestamptz[],
        ${rests.map((rest) => rest.made)}::integer[],
        ${rests.map((rest) => new Date(rest.dueAt).toISOString())}::timestamptz[]
      ) as r (id, from_time, made, due_at)
    ), settled as (
      delete from schedule_backlog b using rest r where b.backlog_id = r.id and r.from_time is null
    )
    update schedule_backlog b set from_time = r.from_time, made = r.made, due_at = r.due_at
      from rest r where b.backlog_id = r.id and r.from_time is not null`;
}
