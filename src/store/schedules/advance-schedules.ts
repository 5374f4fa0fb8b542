import type { Sql } from "../sql.ts";
import type { OpenRange } from "./locked-schedule.ts";

/** Where a schedule goes on. Times are milliseconds since 1970. */
export interface Advance {
  readonly definitionId: string;
  readonly position: number;
  /** Jitter included; null: it does not fire. */
  readonly nextFireAt: number | null;
  readonly open: OpenRange | null;
}

/** Moves schedules on, under their locks. */
export async function advanceSchedules(sql: Sql, advances: readonly Advance[]): Promise<void> {
  await sql`
    update schedule s
       set position = a.position, next_fire_at = a.next_fire_at, open_from = a.open_from, open_outcome = a.open_outcome,
           open_reason = a.open_reason
      from unnest(
        ${advances.map((one) => one.definitionId)}::uuid[],
        ${advances.map((one) => new Date(one.position).toISOString())}::timestamptz[],
        ${advances.map((one) => (one.nextFireAt === null ? null : new Date(one.nextFireAt).toISOString()))}::timestamptz[],
        ${advances.map((one) => one.open?.from.toISOString() ?? null)}::timestamptz[],
        ${advances.map((one) => one.open?.outcome ?? null)}::text[],
        ${advances.map((one) => one.open?.reason ?? null)}::text[]
      ) as a (definition_id, position, next_fire_at, open_from, open_outcome, open_reason)
     where s.definition_id = a.definition_id`;
}
