import type { JoblessRange } from "../../model/firing/account.ts";
import type { LockedSchedule } from "../../store/schedules/locked-schedule.ts";
import { makeOccurrenceDays } from "../../store/schedules/make-occurrence-days.ts";
import { writeOccurrences } from "../../store/schedules/write-occurrences.ts";
import type { Sql } from "../../store/sql.ts";

/** Writes ranges of occurrences without a job into the ledger, under the schedule's lock; the days that they need are made. */
export async function writeRanges(sql: Sql, locked: LockedSchedule, ranges: readonly JoblessRange[]): Promise<void> {
  if (ranges.length === 0) return;
  const { definitionId, customerCode } = locked;
  const days = ranges.map((range) => new Date(range.from).toISOString().slice(0, 10));
  await makeOccurrenceDays(sql, days);
  await writeOccurrences(
    sql,
    ranges.map(({ from, until, count, outcome, reason }) => ({
      definitionId,
      customerCode,
      scheduledFor: from,
      until,
      count,
      outcome,
      reason,
      job: null,
      lateMs: null,
    })),
  );
}
