import type { Sql } from "../sql.ts";
import { type LockedSchedule, type LockedScheduleRow, toLockedSchedule } from "./locked-schedule.ts";

/** Locks schedules whose time has come, of each customer its share, earliest first. Those that another node has are passed over. */
export async function lockDueSchedules(sql: Sql, shares: ReadonlyMap<string, number>): Promise<LockedSchedule[]> {
  const rows = await sql<LockedScheduleRow>`
    with share as (
      select * from unnest(${[...shares.keys()]}::text[], ${[...shares.values()]}::integer[]) as s (customer_code, rows)
    )
    select due.definition_id, due.customer_code, due.position, due.open_from, due.open_outcome, due.open_reason,
           app_now() as now
      from share cross join lateral (
        select * from schedule s
         where s.customer_code = share.customer_code and s.next_fire_at <= app_now()
         order by s.next_fire_at limit share.rows
         for update skip locked
      ) due`;
  return rows.map(toLockedSchedule);
}
