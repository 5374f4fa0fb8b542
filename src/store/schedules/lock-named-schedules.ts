import type { Sql } from "../sql.ts";
import { type LockedSchedule, type LockedScheduleRow, toLockedSchedule } from "./locked-schedule.ts";

/** Locks the named schedules, but for those that another node has. */
export async function lockNamedSchedules(sql: Sql, definitionIds: readonly string[]): Promise<LockedSchedule[]> {
  const rows = await sql<LockedScheduleRow>`
    select definition_id, customer_code, position, open_from, open_outcome, open_reason, app_now() as now
      from schedule where definition_id = any (${definitionIds}::uuid[])
       for update skip locked`;
  return rows.map(toLockedSchedule);
}
