import { addBit, type BitSet, bitSet, countBits, hasBit, nextBit } from "./bits.ts";
import { dateOf, dayOf } from "./calendar.ts";
import { type CronExpression, parseCron } from "./parse-cron.ts";
import { firingDays } from "./wall-times.ts";

/**
 * What a schedule leaves out: dates, and times that match one of some crons. Both look at what the clock shows, so an
 * occurrence that a change of the clocks moves or repeats is excluded by its own time, not by where it lands.
 *
 * A set of crons is a word with a bit for each (at most 20). A day is looked at as the word of crons that fire on it;
 * with the words of the hour and of the minute that tells which crons exclude a second, and what is worked out for one
 * word holds for all days, hours and minutes that have the same.
 */
export interface Exclusions {
  readonly days: ReadonlySet<number>;
  /** Each with all 60 seconds if it has five fields: such a cron excludes whole minutes. */
  readonly crons: readonly CronExpression[];
  readonly wholeMinutes: number;
  readonly byHour: Int32Array;
  readonly byMinute: Int32Array;
  readonly secondsLeft: Map<number, BitSet>;
  readonly hourCounts: Map<number, number>;
  readonly dayCounts: Map<number, number>;
  /** Each cron's firing days of the month that was looked at last, bit 0 for day 1. */
  readonly recent: { month: number; readonly days: Int32Array };
}

/** Most crons that may be excluded. */
export const maxExcludedCrons = 20;

const maxMemo = 4_096;
const noSeconds = bitSet(60);

/**
 * What `dates` and `crons` exclude; `null` for nothing.
 *
 * @param dates real dates, `YYYY-MM-DD`
 * @throws CronError one of the crons is not valid
 */
export function exclusionsOf(dates: readonly string[], crons: readonly string[]): Exclusions | null {
  if (dates.length === 0 && crons.length === 0) return null;
  const parsed = crons.slice(0, maxExcludedCrons).map(parseCron).map(withWholeMinutes);
  return {
    days: new Set(dates.map(dayOfText)),
    crons: parsed,
    wholeMinutes: wordOf(parsed, (cron) => countBits(cron.seconds) === 60),
    byHour: Int32Array.from({ length: 24 }, (_, hour) => wordOf(parsed, (cron) => hasBit(cron.hours, hour))),
    byMinute: Int32Array.from({ length: 60 }, (_, minute) => wordOf(parsed, (cron) => hasBit(cron.minutes, minute))),
    secondsLeft: new Map(),
    hourCounts: new Map(),
    dayCounts: new Map(),
    recent: { month: Number.NaN, days: new Int32Array(parsed.length) },
  };
}

/** The day of `YYYY-MM-DD`. */
export function dayOfText(date: string): number {
  return dayOf(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
}

function withWholeMinutes(cron: CronExpression): CronExpression {
  if (cron.dialect === "quartz") return cron;
  const seconds = bitSet(60);
  for (let second = 0; second < 60; second++) addBit(seconds, second);
  return { ...cron, seconds };
}

function wordOf(crons: readonly CronExpression[], has: (cron: CronExpression) => boolean): number {
  let word = 0;
  for (const [index, cron] of crons.entries()) if (has(cron)) word |= 1 << index;
  return word;
}

/** The crons that may exclude seconds of a day, or `null` where all of it is excluded by date. */
export function excludingOn(exclusions: Exclusions, day: number): number | null {
  if (exclusions.days.has(day)) return null;
  const { recent, crons } = exclusions;
  const date = dateOf(day);
  const month = date.year * 12 + date.month;
  if (recent.month !== month) {
    for (const [index, cron] of crons.entries()) recent.days[index] = firingDays(cron, date.year, date.month);
    recent.month = month;
  }
  let word = 0;
  for (let index = 0; index < recent.days.length; index++) {
    word |= (((recent.days[index] ?? 0) >>> (date.day - 1)) & 1) << index;
  }
  return word;
}

/** The seconds of a minute that fire and that none of the crons of `excluding` excludes. */
export function secondsLeft(cron: CronExpression, exclusions: Exclusions, excluding: number): BitSet {
  if (excluding === 0) return cron.seconds;
  if ((excluding & exclusions.wholeMinutes) !== 0) return noSeconds;
  const known = exclusions.secondsLeft.get(excluding);
  if (known) return known;
  const left = cron.seconds.slice();
  for (const [index, excluded] of exclusions.crons.entries()) {
    if (((excluding >>> index) & 1) === 0) continue;
    for (let word = 0; word < left.length; word++) left[word] = (left[word] ?? 0) & ~(excluded.seconds[word] ?? 0);
  }
  return remember(exclusions.secondsLeft, excluding, left);
}

function countHour(cron: CronExpression, exclusions: Exclusions, excluding: number, effort: Effort): number {
  const known = exclusions.hourCounts.get(excluding);
  if (known !== undefined) return known;
  effort.newHours++;
  return remember(exclusions.hourCounts, excluding, countMinutesBelow(cron, exclusions, excluding, 60));
}

/** How many seconds are left of a day whose excluding crons are `excluding`. */
export function countDay(cron: CronExpression, exclusions: Exclusions, excluding: number, effort: Effort): number {
  effort.days++;
  const known = exclusions.dayCounts.get(excluding);
  if (known !== undefined) return known;
  return remember(exclusions.dayCounts, excluding, countHoursBelow(cron, exclusions, excluding, 24, effort));
}

/** How many are left of its hours before `end` (0–24). */
export function countHoursBelow(
  cron: CronExpression,
  exclusions: Exclusions,
  excluding: number,
  end: number,
  effort: Effort,
): number {
  let count = 0;
  for (let hour = nextBit(cron.hours, 0); hour !== -1 && hour < end; hour = nextBit(cron.hours, hour + 1)) {
    count += countHour(cron, exclusions, excluding & (exclusions.byHour[hour] ?? 0), effort);
  }
  return count;
}

/** How many are left of an hour's minutes before `end` (0–60). */
export function countMinutesBelow(
  cron: CronExpression,
  exclusions: Exclusions,
  excluding: number,
  end: number,
): number {
  let count = 0;
  for (
    let minute = nextBit(cron.minutes, 0);
    minute !== -1 && minute < end;
    minute = nextBit(cron.minutes, minute + 1)
  ) {
    count += countBits(secondsLeft(cron, exclusions, excluding & (exclusions.byMinute[minute] ?? 0)));
  }
  return count;
}

/** How much a search has done so far. */
export interface Effort {
  /** Days looked at. */
  days: number;
  /** Hours worked out that resembled none before. */
  newHours: number;
}

function remember<Value>(memo: Map<number, Value>, word: number, value: Value): Value {
  if (memo.size >= maxMemo) memo.clear();
  memo.set(word, value);
  return value;
}
