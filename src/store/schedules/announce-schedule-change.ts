import type { Sql } from "../sql.ts";

/** The channel on which every node hears that a schedule may be due earlier than before. */
export const scheduleChannel = "punctual_schedules";

/** Tells every node, when the transaction commits, to look which schedule is due next. */
export async function announceScheduleChange(sql: Sql): Promise<void> {
  await sql`select pg_notify(${scheduleChannel}, '')`;
}
