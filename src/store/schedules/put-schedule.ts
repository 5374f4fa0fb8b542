import type { Sql } from "../sql.ts";

/** Writes where a schedule goes on that has been saved or removed; it begins to exist with the first. Milliseconds since 1970. */
export async function putSchedule(
  sql: Sql,
  schedule: {
    readonly definitionId: string;
    readonly customerCode: string;
    /** Nominal. */
    readonly position: number;
    /** Jitter included; null: it does not fire. */
    readonly nextFireAt: number | null;
  },
): Promise<void> {
  const next = schedule.nextFireAt === null ? null : new Date(schedule.nextFireAt);
  await sql`
    insert into schedule (definition_id, customer_code, position, next_fire_at)
    values (${schedule.definitionId}::uuid, ${schedule.customerCode}, ${new Date(schedule.position)}, ${next})
    on conflict (definition_id) do update
      set position = excluded.position, next_fire_at = excluded.next_fire_at, open_from = null, open_outcome = null,
          open_reason = null`;
}
