import { cautionsFor } from "./cautions.ts";
import { describeClockChange } from "./clock-changes.ts";
import { describeCron } from "./describe-cron.ts";
import type { Dialect } from "./fields.ts";
import { openSchedule, type ScheduleSpec } from "./schedule.ts";
import { checkTimeZone } from "./time-zones.ts";

/** What a schedule comes to, for a person to look at before it is relied on. Times are milliseconds since 1970. */
export interface SchedulePreview {
  /** As it was given. */
  readonly cron: string;
  readonly dialect: Dialect;
  /** In words: `At 10:15, Monday to Friday`. */
  readonly description: string;
  readonly timeZone: string;
  readonly next: readonly number[];
  /** Readings that are easily got wrong, and the coming changes of the clocks that move, drop or double occurrences. */
  readonly notes: readonly string[];
}

/** What becomes of the occurrences when one schedule takes another's place. */
export interface ScheduleDifference {
  readonly removed: readonly number[];
  readonly added: readonly number[];
  /** The last time that was compared; `null` where both were followed to their end. */
  readonly comparedUntil: number | null;
}

/** How many occurrences of each schedule a difference looks at. */
export const comparedOccurrences = 50;

/** Changes of the clocks are told of this long ahead. */
const noticeMs = 366 * 86_400_000;

/**
 * Answers what a schedule means: in words, its cautions, and its next times.
 *
 * @param spec a schedule of valid parts (`checkScheduleParts`)
 * @param after milliseconds since 1970, excluded
 * @param count how many next times
 */
export function previewSchedule(spec: ScheduleSpec, after: number, count: number): SchedulePreview {
  const schedule = openSchedule(spec);
  const next = schedule.occurrences(after + 1, Infinity, count);
  const zone = checkTimeZone(schedule.timeZone);
  const timeZone = zone.ok ? zone.timeZone : schedule.timeZone;
  const notes = [
    ...cautionsFor(schedule.cron),
    ...schedule.clockChanges(after, after + noticeMs).map((change) => describeClockChange(change, timeZone)),
  ];
  if (next.length === 0) notes.push(`It does not fire after ${rfc3339(after)}.`);
  else if (spec.jitterSeconds)
    notes.push(`Each job starts up to ${spec.jitterSeconds} s after its time (jitterSeconds).`);
  return {
    cron: spec.cron,
    dialect: schedule.cron.dialect,
    description: describeCron(schedule.cron),
    timeZone,
    next,
    notes,
  };
}

/**
 * Which of the coming occurrences go and which come when `coming` takes the place of `stored`. Compared as far as both
 * are known: a sparse schedule is not followed beyond the 50th occurrence of a dense one, where all would look new.
 *
 * @param stored `null` for none
 * @param after milliseconds since 1970, excluded
 */
export function differenceOf(stored: ScheduleSpec | null, coming: ScheduleSpec, after: number): ScheduleDifference {
  const before = stored ? openSchedule(stored).occurrences(after + 1, Infinity, comparedOccurrences) : [];
  const then = openSchedule(coming).occurrences(after + 1, Infinity, comparedOccurrences);
  const until = Math.min(endOfKnown(before), endOfKnown(then));
  return {
    removed: before.filter((time) => time <= until && !then.includes(time)),
    added: then.filter((time) => time <= until && !before.includes(time)),
    comparedUntil: until === Infinity ? null : until,
  };
}

/** `2027-03-14T07:00:00Z`: occurrences are whole seconds, and written so. */
export function rfc3339(time: number): string {
  return new Date(time).toISOString().replace(".000Z", "Z");
}

function endOfKnown(times: readonly number[]): number {
  return times.length < comparedOccurrences ? Infinity : (times.at(-1) ?? Infinity);
}
