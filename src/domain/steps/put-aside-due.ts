import { jitterMs } from "../../model/cron/jitter.ts";
import { regardlessMs } from "../../model/firing/account.ts";
import type { OpenedSchedule } from "../../model/firing/open-stored.ts";
import type { JsonText } from "../../model/job.ts";
import { insertBacklogs } from "../../store/schedules/insert-backlogs.ts";
import type { LockedSchedule } from "../../store/schedules/locked-schedule.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { retainedFrom } from "./retained-from.ts";

/**
 * Puts aside, under the schedule's lock, what is due of it and has not been made, with the schedule as it was: to be settled
 * apart, the last 60 s of it whatever `catchUp` says.
 *
 * @param to nominal, excluded: until here; what is not due yet is made when it is
 */
export async function putAsideDue(
  context: Context,
  sql: Sql,
  locked: LockedSchedule,
  was: OpenedSchedule & { readonly schedule: JsonText; readonly savedBy: string | null },
  to: number,
): Promise<void> {
  const { definitionId, customerCode } = locked;
  const now = locked.now.getTime();
  const first = was.times.next(Math.max(locked.position.getTime(), retainedFrom(context, now) - 1));
  if (first === undefined || first >= to) return;
  await insertBacklogs(sql, [
    {
      id: context.clock.newId(),
      definitionId,
      customerCode,
      schedule: was.schedule,
      savedBy: was.savedBy,
      from: first,
      to,
      asOf: now,
      regardlessFrom: now - jitterMs(definitionId, was.rules.jitterSeconds) - regardlessMs,
    },
  ]);
}
