import { lowestBit, popCount } from "./bits.ts";
import type { Dialect } from "./fields.ts";
import type { Term } from "./terms.ts";

/**
 * The firing days of a month depend on two things only: its first weekday and its length. So an expression keeps one
 * word (bit 0 for day 1) for each of the 28 shapes that a month can have, and a search never looks at single days.
 */
export type DayMasks = Int32Array;

/** Index into `DayMasks` of a month that begins on `firstWeekday` (0 is Sunday) and has `length` days (28–31). */
export function monthShape(firstWeekday: number, length: number): number {
  return firstWeekday * 4 + length - 28;
}

/** The two day fields' share of an expression. */
export interface DayTerms {
  readonly dayOfMonth: readonly Term[];
  readonly dayOfWeek: readonly Term[];
  readonly dialect: Dialect;
}

/** One word of firing days for each shape of a month. */
export function dayMasks(terms: DayTerms): DayMasks {
  const masks = new Int32Array(28);
  for (let firstWeekday = 0; firstWeekday < 7; firstWeekday++) {
    for (let length = 28; length <= 31; length++) {
      masks[monthShape(firstWeekday, length)] = maskOf(terms, firstWeekday, length);
    }
  }
  return masks;
}

function maskOf(terms: DayTerms, firstWeekday: number, length: number): number {
  const all = length === 31 ? 0x7fffffff : (1 << length) - 1;
  let days = 0;
  for (const term of terms.dayOfMonth) days |= monthDays(term, firstWeekday, length);
  let weekdays = 0;
  for (const term of terms.dayOfWeek) weekdays |= weekdayDays(term, terms.dialect, firstWeekday, length);
  days &= all;
  weekdays &= all;
  // Unix cron fires on either when both are restricted (crontab(5)). A field is restricted unless it names every day
  // or holds a "*" (croniter, as Vixie cron); one that steps over all days, "*/2" for one, is restricted.
  const either = terms.dialect === "unix" && isRestricted(terms.dayOfMonth, 31) && isRestricted(terms.dayOfWeek, 7);
  return either ? days | weekdays : days & weekdays;
}

/** Whether the field rules out a day: of `size` days (31) or weekdays (7). */
export function isRestricted(terms: readonly Term[], size: 31 | 7): boolean {
  const longMonth = size === 31;
  let days = 0;
  for (const term of terms) days |= longMonth ? monthDays(term, 0, 31) : weekdayDays(term, "unix", 0, 28);
  return longMonth ? popCount(days) < 31 : popCount(days & 0x0fffffff) < 28;
}

function monthDays(term: Term, firstWeekday: number, length: number): number {
  switch (term.kind) {
    case "lastDay": {
      const day = length - term.offset;
      return term.nearestWeekday ? nearestWeekday(day, firstWeekday, length) : dayBit(day);
    }
    case "nearestWeekday":
      return nearestWeekday(term.day, firstWeekday, length);
    default: {
      let mask = 0;
      for (const day of valuesOf(term, 1, 31, 31)) mask |= dayBit(day);
      return mask;
    }
  }
}

/**
 * The Monday to Friday nearest to a day, never in another month: from a Saturday the day before, or Monday the 3rd
 * from the 1st; from a Sunday the day after, or the Friday before from the last of the month (Quartz, `W`).
 */
function nearestWeekday(day: number, firstWeekday: number, length: number): number {
  if (day < 1 || day > length) return 0;
  const weekday = (firstWeekday + day - 1) % 7;
  if (weekday === 6) return dayBit(day === 1 ? 3 : day - 1);
  if (weekday === 0) return dayBit(day === length ? day - 2 : day + 1);
  return dayBit(day);
}

function weekdayDays(term: Term, dialect: Dialect, firstWeekday: number, length: number): number {
  switch (term.kind) {
    case "lastWeekday": {
      const days = daysOfWeekday(weekdayNumber(term.weekday, dialect), firstWeekday) & ((1 << (length - 1)) * 2 - 1);
      return dayBit(32 - Math.clz32(days));
    }
    case "nthWeekday": {
      const first = lowestBit(daysOfWeekday(weekdayNumber(term.weekday, dialect), firstWeekday)) + 1;
      return dayBit(first + 7 * (term.nth - 1));
    }
    default: {
      let mask = 0;
      for (const weekday of weekdaysOf(term, dialect)) mask |= daysOfWeekday(weekday, firstWeekday);
      return mask;
    }
  }
}

/** The weekdays of an ordinary term, 0 (Sunday) to 6; one may come twice. */
export function weekdaysOf(term: Term, dialect: Dialect): number[] {
  const values = dialect === "unix" ? valuesOf(term, 0, 7, 7) : valuesOf(term, 1, 7, 7);
  return values.map((value) => weekdayNumber(value, dialect));
}

/** A weekday of either dialect as 0 (Sunday) to 6. */
export function weekdayNumber(value: number, dialect: Dialect): number {
  return dialect === "unix" ? value % 7 : value - 1;
}

/**
 * The numbers of an ordinary term; none for `L`, `W` and `#`.
 *
 * @param wrap after how many values a range that runs over the end begins again at `min`
 */
export function valuesOf(term: Term, min: number, max: number, wrap: number): number[] {
  switch (term.kind) {
    case "any":
      return counted(min, max, 1);
    case "every":
      return counted(min, max, term.step);
    case "value":
      return [term.value];
    case "from":
      return counted(term.from, max, term.step);
    case "range":
      if (term.to >= term.from) return counted(term.from, term.to, term.step);
      return counted(term.from, term.to + wrap, term.step).map((value) => (value >= min + wrap ? value - wrap : value));
    default:
      return [];
  }
}

function counted(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

// The 1st, 8th, 15th, 22nd and 29th.
const everySeventhDay = (1 << 0) | (1 << 7) | (1 << 14) | (1 << 21) | (1 << 28);

function daysOfWeekday(weekday: number, firstWeekday: number): number {
  return everySeventhDay << ((weekday - firstWeekday + 7) % 7);
}

function dayBit(day: number): number {
  return day < 1 || day > 31 ? 0 : 1 << (day - 1);
}
