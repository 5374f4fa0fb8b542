import type { Sql } from "../sql.ts";
import { type LockedSchedule, type LockedScheduleRow, toLockedSchedule } from "./locked-schedule.ts";

/**
 * Locks schedules of which a span may be settled, at most `each` of a customer. Those that another node has are passed over.
 *
 * The spans must be read in a later statement: one that another node has settled meanwhile is then gone.
 */
export async function lockBacklogSchedules(
  sql: Sql,
  customerCodes: readonly string[],
  each: number,
): Promise<LockedSchedule[]> {
  const rows = await sql<LockedScheduleRow>`
    with due as (
      select distinct picked.definition_id
        from unnest(${customerCodes}::text[]) as c (customer_code)
       cross join lateral (
          select b.definition_id from schedule_backlog b
           where b.customer_code = c.customer_code and b.due_at <= app_now()
           order by b.due_at limit ${each}) picked
    )
    select definition_id, customer_code, position, open_from, open_outcome, open_reason, app_now() as now
      from schedule where definition_id in (select definition_id from due)
       for update skip locked`;
  return rows.map(toLockedSchedule);
}
