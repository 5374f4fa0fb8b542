import type { Sql } from "../sql.ts";
import { type LockedSchedule, type LockedScheduleRow, toLockedSchedule } from "./locked-schedule.ts";

/**
 * Locks the schedule of a definition, and waits for whoever fires it; undefined where the definition never had one. The caller
 * holds the definition's lock.
 */
export async function lockSchedule(sql: Sql, definitionId: string): Promise<LockedSchedule | undefined> {
  const [row] = await sql<LockedScheduleRow>`
    select definition_id, customer_code, position, open_from, open_outcome, open_reason, app_now() as now
      from schedule where definition_id = ${definitionId}::uuid for update`;
  return row && toLockedSchedule(row);
}
