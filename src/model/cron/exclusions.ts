import { type BitSet, hasBit, highestBit, lowestBit, nextBit } from "./bits.ts";
import { dateOf, dayOf, monthLength } from "./calendar.ts";
import { type ExcludedSeconds, excludedSecondsOf, leavesNothing } from "./excluded-seconds.ts";
import type { CronExpression } from "./parse-cron.ts";
import { firingDays, shapeOf } from "./wall-times.ts";

/**
 * What a schedule leaves out: dates, and times that match one of some crons. Both look at what the clock shows, so an
 * occurrence that a change of the clocks moves or repeats is excluded by its own time, not by where it lands.
 *
 * A set of crons is a word with a bit for each (at most 20). A day is looked at as the word of crons that fire on it;
 * with the words of the hour and of the minute that tells which crons exclude a second, and what is worked out for one
 * word holds for all days, hours and minutes that have the same.
 */
export interface Exclusions {
  /** The schedule's own expression. */
  readonly cron: CronExpression;
  /** The excluded dates of a month, bit 0 for day 1; a month is `year * 12 + month`. */
  readonly dates: ReadonlyMap<number, number>;
  readonly crons: readonly CronExpression[];
  readonly byHour: Int32Array;
  readonly byMinute: Int32Array;
  readonly seconds: ExcludedSeconds;
  /** The words of the schedule's hours and of its minutes, but for those that another is a part of: it leaves more. */
  readonly hours: Int32Array;
  readonly minutes: Int32Array;
  /** The crons that by themselves leave nothing of a day on which they fire. */
  readonly wholeDays: number;
  /** Words that were worked out before: whether those crons together leave nothing of a day on which all of them fire. */
  readonly coveredDays: Map<number, boolean>;
  /** The last few of those that do. */
  readonly covering: number[];
  readonly hourCounts: Map<number, number>;
  readonly dayCounts: Map<number, number>;
  /** Of the month that was looked at last: each cron's firing days, and the schedule's that nothing excludes as a whole. */
  readonly recent: { month: number; readonly days: Int32Array; open: number };
}

/** How much a search may still do, in steps of a quarter of a microsecond or so. */
export interface Effort {
  steps: number;
}

/** Most crons that may be excluded. */
export const maxExcludedCrons = 20;

/** What it costs to look at a month that was not the last one. */
const monthSteps = 5;

const maxCovering = 4;

/**
 * What `dates` and `crons` exclude of a schedule; `null` for nothing.
 *
 * @param dates real dates, `YYYY-MM-DD`
 */
export function exclusionsOf(
  cron: CronExpression,
  dates: readonly string[],
  crons: readonly CronExpression[],
): Exclusions | null {
  if (dates.length === 0 && crons.length === 0) return null;
  // A word has room for no more.
  const parsed = crons.slice(0, maxExcludedCrons);
  const byHour = Int32Array.from({ length: 24 }, (_, hour) => wordOf(parsed, (each) => hasBit(each.hours, hour)));
  const byMinute = Int32Array.from({ length: 60 }, (_, minute) =>
    wordOf(parsed, (each) => hasBit(each.minutes, minute)),
  );
  const seconds = excludedSecondsOf(cron, parsed);
  const hours = leastWords(byHour, cron.hours);
  const minutes = leastWords(byMinute, cron.minutes);
  const inAll = [...hours, ...minutes].reduce((common, word) => common & word, -1);
  return {
    cron,
    dates: datesByMonth(dates),
    crons: parsed,
    byHour,
    byMinute,
    seconds,
    hours,
    minutes,
    wholeDays: inAll & wordOf(parsed, (_each, index) => leavesNothing(seconds, 1 << index)),
    coveredDays: new Map(),
    covering: [],
    hourCounts: new Map(),
    dayCounts: new Map(),
    recent: { month: Number.NaN, days: new Int32Array(parsed.length), open: 0 },
  };
}

/** The first day of a month, from `day`, that fires and is not excluded as a whole; failing that the first of the next. */
export function nextOpenDay(exclusions: Exclusions, day: number, effort: Effort): number {
  const date = dateOf(day);
  const left = lookAtMonth(exclusions, date.year, date.month, effort) & (-1 << (date.day - 1));
  const monthStart = day - date.day + 1;
  return monthStart + (left === 0 ? monthLength(date.year, date.month) : lowestBit(left));
}

/** The last day of a month, up to `day`, that fires and is not excluded as a whole; failing that the last of the one before. */
export function previousOpenDay(exclusions: Exclusions, day: number, effort: Effort): number {
  const date = dateOf(day);
  const left = lookAtMonth(exclusions, date.year, date.month, effort) & (-1 >>> (32 - date.day));
  const monthStart = day - date.day + 1;
  return monthStart + (left === 0 ? -1 : highestBit(left));
}

/** The crons that may exclude seconds of a day, or `null` where all of it is excluded by date. */
export function excludingOn(exclusions: Exclusions, day: number, effort: Effort): number | null {
  const date = dateOf(day);
  lookAtMonth(exclusions, date.year, date.month, effort);
  const { recent, dates } = exclusions;
  if (dates.size > 0 && (((dates.get(recent.month) ?? 0) >>> (date.day - 1)) & 1) === 1) return null;
  let word = 0;
  for (let index = 0; index < recent.days.length; index++) {
    word |= (((recent.days[index] ?? 0) >>> (date.day - 1)) & 1) << index;
  }
  return word;
}

/** Takes note that a set of crons leaves nothing of a day: other days on which all of them fire need not be looked at. */
export function closeDays(exclusions: Exclusions, covering: number): void {
  exclusions.recent.open &= ~daysOfAll(exclusions, covering);
  if (exclusions.covering.includes(covering)) return;
  if (exclusions.covering.length >= maxCovering) exclusions.covering.shift();
  exclusions.covering.push(covering);
}

/** The days of a month that fire and are not excluded as a whole, bit 0 for day 1. */
function lookAtMonth(exclusions: Exclusions, year: number, month: number, effort: Effort): number {
  const { recent, crons, dates, wholeDays } = exclusions;
  const number = year * 12 + month;
  if (recent.month === number) return recent.open;
  effort.steps -= monthSteps;
  const shape = shapeOf(year, month);
  let closed = dates.get(number) ?? 0;
  for (let index = 0; index < crons.length; index++) {
    const cron = crons[index];
    const days = cron ? firingDays(cron, year, month, shape) : 0;
    recent.days[index] = days;
    if (((wholeDays >>> index) & 1) === 1) closed |= days;
  }
  for (const covering of exclusions.covering) closed |= daysOfAll(exclusions, covering);
  recent.month = number;
  recent.open = firingDays(exclusions.cron, year, month, shape) & ~closed;
  return recent.open;
}

/** The days of the month that was looked at last on which all crons of a set fire. */
function daysOfAll({ recent }: Exclusions, set: number): number {
  let days = -1;
  for (let left = set; left !== 0; left &= left - 1) days &= recent.days[lowestBit(left)] ?? 0;
  return days;
}

/** The day of `YYYY-MM-DD`. */
function dayOfText(date: string): number {
  return dayOf(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
}

function datesByMonth(dates: readonly string[]): Map<number, number> {
  const months = new Map<number, number>();
  for (const text of dates) {
    const date = dateOf(dayOfText(text));
    const month = date.year * 12 + date.month;
    months.set(month, (months.get(month) ?? 0) | (1 << (date.day - 1)));
  }
  return months;
}

function wordOf(crons: readonly CronExpression[], has: (cron: CronExpression, index: number) => boolean): number {
  let word = 0;
  for (const [index, cron] of crons.entries()) if (has(cron, index)) word |= 1 << index;
  return word;
}

/** The words of those members that no other's word is a part of, each once. */
function leastWords(words: Int32Array, members: BitSet): Int32Array {
  const all = new Set<number>();
  for (let member = nextBit(members, 0); member !== -1; member = nextBit(members, member + 1)) {
    all.add(words[member] ?? 0);
  }
  const unique = [...all];
  return Int32Array.from(unique.filter((word) => !unique.some((other) => other !== word && (other & ~word) === 0)));
}
