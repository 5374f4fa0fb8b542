import { joblessRanges } from "../../model/firing/account.ts";
import type { OpenedSchedule } from "../../model/firing/open-stored.ts";
import type { LockedSchedule, OpenRange } from "../../store/schedules/locked-schedule.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { retainedFrom } from "./retained-from.ts";
import { writeRanges } from "./write-ranges.ts";

/**
 * Writes into the ledger, under the schedule's lock, what a pause has skipped until now: a range for each day, as far back as the
 * ledger is kept.
 *
 * @returns the last of them, which what comes next may share; null where the pause skipped nothing
 */
export async function accountForPause(
  context: Context,
  sql: Sql,
  locked: LockedSchedule,
  { times }: OpenedSchedule,
): Promise<OpenRange | null> {
  const now = locked.now.getTime();
  const from = Math.max(locked.position.getTime() + 1, retainedFrom(context, now));
  const why = { outcome: "skipped", reason: "paused" } as const;
  const ranges = joblessRanges(times, from, now + 1, why);
  await writeRanges(sql, locked, ranges);
  for (const { count } of ranges) context.metrics.occurrencesWithoutJob(locked.customerCode, why.outcome, count);
  const last = ranges.at(-1);
  return last ? { from: new Date(last.from), ...why } : null;
}
