import type { Sql } from "../sql.ts";

/** Puts off by a minute a schedule that cannot be fired; its occurrences stay unaccounted for. */
export async function postponeSchedule(sql: Sql, definitionId: string): Promise<void> {
  await sql`
    update schedule set next_fire_at = app_now() + interval '1 minute'
     where definition_id = ${definitionId}::uuid and next_fire_at is not null`;
}
