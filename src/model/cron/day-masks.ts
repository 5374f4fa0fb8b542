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
  // Lists of plain numbers are the same for every shape; only L, W and # are looked at for each.
  const plainDays = unionOf(terms.dayOfMonth, (term) => plainMonthDays(term));
  const plainWeekdays = unionOf(terms.dayOfWeek, (term) => plainWeekdaySet(term, terms.dialect));
  const specialDays = terms.dayOfMonth.filter(isSpecial);
  const specialWeekdays = terms.dayOfWeek.filter(isSpecial);
  // Unix cron fires on either when both are restricted (crontab(5)). A field is restricted unless it names every day
  // or holds a "*" (croniter, as Vixie cron); one that steps over all days, "*/2" for one, is restricted.
  const either = terms.dialect === "unix" && isRestricted(terms.dayOfMonth, 31) && isRestricted(terms.dayOfWeek, 7);
  const masks = new Int32Array(28);
  for (let firstWeekday = 0; firstWeekday < 7; firstWeekday++) {
    const onWeekdays = daysOfWeekdays(plainWeekdays, firstWeekday);
    for (let length = 28; length <= 31; length++) {
      const all = length === 31 ? 0x7fffffff : (1 << length) - 1;
      const days = plainDays | unionOf(specialDays, (term) => specialMonthDays(term, firstWeekday, length));
      const weekdays =
        onWeekdays | unionOf(specialWeekdays, (term) => specialWeekdayDays(term, terms.dialect, firstWeekday, length));
      masks[monthShape(firstWeekday, length)] = all & (either ? days | weekdays : days & weekdays);
    }
  }
  return masks;
}

/** Whether the field rules out a day: of `size` days (31) or weekdays (7). */
export function isRestricted(terms: readonly Term[], size: 31 | 7): boolean {
  if (size === 7) return unionOf(terms, (term) => plainWeekdaySet(term, "unix")) !== 0x7f;
  const days = unionOf(terms, (term) => (isSpecial(term) ? specialMonthDays(term, 0, 31) : plainMonthDays(term)));
  return popCount(days) < 31;
}

function unionOf(terms: readonly Term[], wordOf: (term: Term) => number): number {
  let union = 0;
  for (const term of terms) union |= wordOf(term);
  return union;
}

function isSpecial({ kind }: Term): boolean {
  return kind === "lastDay" || kind === "nearestWeekday" || kind === "lastWeekday" || kind === "nthWeekday";
}

function plainMonthDays(term: Term): number {
  if (term.kind === "value") return dayBit(term.value);
  let days = 0;
  for (const day of valuesOf(term, 1, 31, 31)) days |= dayBit(day);
  return days;
}

/** Bit 0 for Sunday. */
function plainWeekdaySet(term: Term, dialect: Dialect): number {
  let weekdays = 0;
  for (const weekday of weekdaysOf(term, dialect)) weekdays |= 1 << weekday;
  return weekdays;
}

function specialMonthDays(term: Term, firstWeekday: number, length: number): number {
  if (term.kind === "nearestWeekday") return nearestWeekday(term.day, firstWeekday, length);
  if (term.kind !== "lastDay") return 0;
  const day = length - term.offset;
  return term.nearestWeekday ? nearestWeekday(day, firstWeekday, length) : dayBit(day);
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

function specialWeekdayDays(term: Term, dialect: Dialect, firstWeekday: number, length: number): number {
  if (term.kind === "lastWeekday") {
    const days = daysOfWeekday(weekdayNumber(term.weekday, dialect), firstWeekday) & ((1 << (length - 1)) * 2 - 1);
    return dayBit(32 - Math.clz32(days));
  }
  if (term.kind !== "nthWeekday") return 0;
  const first = lowestBit(daysOfWeekday(weekdayNumber(term.weekday, dialect), firstWeekday)) + 1;
  return dayBit(first + 7 * (term.nth - 1));
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

function daysOfWeekdays(weekdays: number, firstWeekday: number): number {
  let days = 0;
  for (let weekday = 0; weekday < 7; weekday++) {
    if (((weekdays >>> weekday) & 1) === 1) days |= daysOfWeekday(weekday, firstWeekday);
  }
  return days;
}

function dayBit(day: number): number {
  return day < 1 || day > 31 ? 0 : 1 << (day - 1);
}
