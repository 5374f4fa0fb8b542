import { countBits, countBitsBelow, hasBit, highestBit, lowestBit, nextBit, popCount, previousBit } from "./bits.ts";
import { dateOf, dayOf, daySeconds, firstYear, lastYear, monthLength, weekdayOf } from "./calendar.ts";
import { monthShape } from "./day-masks.ts";
import type { CronExpression } from "./parse-cron.ts";

/*
 * Searches on the wall clock alone: no zones, no daylight saving. Times are whole seconds (`calendar.ts`). Each search
 * scans bits of months and days, then of hours, minutes and seconds; the longest, from one 29 February on a given
 * weekday to the next, passes 40 years.
 */

/** The first firing wall time that is at least `from`, or `Infinity`. */
export function nextWall(cron: CronExpression, from: number): number {
  const today = Math.floor(from / daySeconds);
  const date = dateOf(today);
  if (firesOn(cron, date.year, date.month, date.day, today)) {
    const second = nextSecond(cron, from - today * daySeconds);
    if (second !== -1) return today * daySeconds + second;
  }
  const day = nextDay(cron, date.year, date.month, date.day + 1);
  return day === Infinity ? Infinity : day * daySeconds + nextSecond(cron, 0);
}

/** The last firing wall time that is at most `to`, or `-Infinity`. */
export function previousWall(cron: CronExpression, to: number): number {
  const today = Math.floor(to / daySeconds);
  const date = dateOf(today);
  if (firesOn(cron, date.year, date.month, date.day, today)) {
    const second = previousSecond(cron, to - today * daySeconds);
    if (second !== -1) return today * daySeconds + second;
  }
  const day = previousDay(cron, date.year, date.month, date.day - 1);
  return day === -Infinity ? -Infinity : day * daySeconds + previousSecond(cron, daySeconds - 1);
}

/** How many wall times fire from `from` (included) to `to` (excluded): whole months by counting bits. */
export function countWall(cron: CronExpression, from: number, to: number): number {
  if (to <= from) return 0;
  const firstDay = Math.floor(from / daySeconds);
  const lastDay = Math.floor(to / daySeconds);
  const before = firesOnDay(cron, firstDay) ? countSecondsBelow(cron, from - firstDay * daySeconds) : 0;
  const after = firesOnDay(cron, lastDay) ? countSecondsBelow(cron, to - lastDay * daySeconds) : 0;
  return countDays(cron, firstDay, lastDay) * countSecondsBelow(cron, daySeconds) - before + after;
}

/**
 * The days of a month on which the expression fires, bit 0 for day 1.
 *
 * @param shape that of the month (`shapeOf`), which is the same for every expression
 */
export function firingDays(cron: CronExpression, year: number, month: number, shape: number): number {
  return firesInYear(cron, year) && hasBit(cron.months, month) ? (cron.days[shape] ?? 0) : 0;
}

/** The shape of a month, for `DayMasks`. */
export function shapeOf(year: number, month: number): number {
  return monthShape(weekdayOf(dayOf(year, month, 1)), monthLength(year, month));
}

function firesOnDay(cron: CronExpression, day: number): boolean {
  const date = dateOf(day);
  return firesOn(cron, date.year, date.month, date.day, day);
}

/** How many of the day's firing seconds are before `second` (0–86,400) of it. */
function countSecondsBelow(cron: CronExpression, second: number): number {
  const hour = Math.floor(second / 3600);
  const minute = Math.floor(second / 60) % 60;
  const perMinute = countBits(cron.seconds);
  let count = countBitsBelow(cron.hours, hour) * countBits(cron.minutes) * perMinute;
  if (!hasBit(cron.hours, hour)) return count;
  count += countBitsBelow(cron.minutes, minute) * perMinute;
  if (!hasBit(cron.minutes, minute)) return count;
  return count + countBitsBelow(cron.seconds, second % 60);
}

function nextSecond(cron: CronExpression, from: number): number {
  let hour = (from / 3600) | 0;
  if (hasBit(cron.hours, hour)) {
    let minute = ((from / 60) | 0) % 60;
    if (hasBit(cron.minutes, minute)) {
      const second = nextBit(cron.seconds, from % 60);
      if (second !== -1) return hour * 3600 + minute * 60 + second;
    }
    minute = nextBit(cron.minutes, minute + 1);
    if (minute !== -1) return hour * 3600 + minute * 60 + nextBit(cron.seconds, 0);
  }
  hour = nextBit(cron.hours, hour + 1);
  return hour === -1 ? -1 : hour * 3600 + nextBit(cron.minutes, 0) * 60 + nextBit(cron.seconds, 0);
}

function previousSecond(cron: CronExpression, to: number): number {
  let hour = (to / 3600) | 0;
  if (hasBit(cron.hours, hour)) {
    let minute = ((to / 60) | 0) % 60;
    if (hasBit(cron.minutes, minute)) {
      const second = previousBit(cron.seconds, to % 60);
      if (second !== -1) return hour * 3600 + minute * 60 + second;
    }
    minute = previousBit(cron.minutes, minute - 1);
    if (minute !== -1) return hour * 3600 + minute * 60 + previousBit(cron.seconds, 59);
  }
  hour = previousBit(cron.hours, hour - 1);
  return hour === -1 ? -1 : hour * 3600 + previousBit(cron.minutes, 59) * 60 + previousBit(cron.seconds, 59);
}

function firesOn(cron: CronExpression, year: number, month: number, day: number, dayNumber: number): boolean {
  if (!firesInYear(cron, year) || !hasBit(cron.months, month)) return false;
  const shape = monthShape(weekdayOf(dayNumber - day + 1), monthLength(year, month));
  return (((cron.days[shape] ?? 0) >>> (day - 1)) & 1) === 1;
}

function firesInYear(cron: CronExpression, year: number): boolean {
  if (year < firstYear || year > lastYear) return false;
  return cron.years === null || hasBit(cron.years, year - firstYear);
}

/** The first firing day of a month or of later ones, from `day` (1–32) of that month. */
function nextDay(cron: CronExpression, fromYear: number, fromMonth: number, fromDay: number): number {
  let year = nextYear(cron, fromYear);
  let month = year === fromYear ? fromMonth : 1;
  let day = year === fromYear ? fromDay : 1;
  while (year <= lastYear) {
    const found = nextBit(cron.months, month);
    if (found === -1) {
      year = nextYear(cron, year + 1);
      month = 1;
      day = 1;
      continue;
    }
    if (found !== month) day = 1;
    const first = dayOf(year, found, 1);
    const days = cron.days[monthShape(weekdayOf(first), monthLength(year, found))] ?? 0;
    const left = day > 31 ? 0 : days & (-1 << (day - 1));
    if (left !== 0) return first + lowestBit(left);
    month = found + 1;
    day = 1;
  }
  return Infinity;
}

/** The last firing day of a month or of earlier ones, up to `day` (0–31) of that month. */
function previousDay(cron: CronExpression, fromYear: number, fromMonth: number, fromDay: number): number {
  let year = previousYear(cron, fromYear);
  let month = year === fromYear ? fromMonth : 12;
  let day = year === fromYear ? fromDay : 31;
  while (year >= firstYear) {
    const found = previousBit(cron.months, month);
    if (found === -1) {
      year = previousYear(cron, year - 1);
      month = 12;
      day = 31;
      continue;
    }
    if (found !== month) day = 31;
    const first = dayOf(year, found, 1);
    const days = cron.days[monthShape(weekdayOf(first), monthLength(year, found))] ?? 0;
    const left = day < 1 ? 0 : days & (-1 >>> (32 - day));
    if (left !== 0) return first + highestBit(left);
    month = found - 1;
    day = 31;
  }
  return -Infinity;
}

function nextYear(cron: CronExpression, from: number): number {
  const year = Math.max(from, firstYear);
  if (cron.years === null) return year;
  const index = nextBit(cron.years, year - firstYear);
  return index === -1 ? Infinity : firstYear + index;
}

function previousYear(cron: CronExpression, from: number): number {
  const year = Math.min(from, lastYear);
  if (cron.years === null) return year;
  const index = previousBit(cron.years, Math.min(year - firstYear, cron.years.length * 32 - 1));
  return index === -1 ? -Infinity : firstYear + index;
}

/** How many days fire from `first` (included) to `end` (excluded). */
function countDays(cron: CronExpression, first: number, end: number): number {
  let count = 0;
  let day = Math.max(first, dayOf(firstYear, 1, 1));
  const stop = Math.min(end, dayOf(lastYear + 1, 1, 1));
  while (day < stop) {
    const date = dateOf(day);
    const monthStart = day - date.day + 1;
    const length = monthLength(date.year, date.month);
    if (firesInYear(cron, date.year) && hasBit(cron.months, date.month)) {
      const days = cron.days[monthShape(weekdayOf(monthStart), length)] ?? 0;
      const upTo = Math.min(stop - monthStart, length);
      count += popCount(days & (-1 << (date.day - 1)) & (-1 >>> (32 - upTo)));
    }
    day = monthStart + length;
  }
  return count;
}
