import { type JoblessRange, joblessRanges } from "../../model/firing/account.ts";
import type { OpenedSchedule } from "../../model/firing/open-stored.ts";
import type { LockedSchedule } from "../../store/schedules/locked-schedule.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { retainedFrom } from "./retained-from.ts";
import { writeRanges } from "./write-ranges.ts";

/**
 * Writes into the ledger, under the schedule's lock, what a pause has skipped until now: a range for each day, as far back as the
 * ledger is kept.
 *
 * @returns them, to be counted after the commit
 */
export async function accountForPause(
  context: Context,
  sql: Sql,
  locked: LockedSchedule,
  { times }: OpenedSchedule,
): Promise<JoblessRange[]> {
  const now = locked.now.getTime();
  const from = Math.max(locked.position.getTime() + 1, retainedFrom(context, now));
  const why = { outcome: "skipped", reason: "paused" } as const;
  const ranges = joblessRanges(times, from, now + 1, why);
  await writeRanges(sql, locked, ranges);
  return ranges;
}
