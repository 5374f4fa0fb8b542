/**
 * The Gregorian calendar in whole numbers. A day is a count of days since 1970-01-01; a wall time is a count of seconds
 * since 1970-01-01T00:00:00 as a clock on the wall shows them, so that it knows neither zone nor daylight saving.
 */

/** Seconds of a day on the wall. */
export const daySeconds = 86_400;

/** The first year in which anything fires (as in Quartz, whose years begin here). */
export const firstYear = 1970;

/** The last year in which anything fires (as in Quartz's search, which gives up after it). */
export const lastYear = 2999;

/** A date: month 1–12, day 1–31. */
export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The day of a date. Years count from March here, so that the leap day comes last and needs no case of its own. */
export function dayOf(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const century = Math.floor(marchYear / 100);
  const dayOfYear = ((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) | 0;
  return 365 * marchYear + Math.floor(marchYear / 4) - century + (century >> 2) + dayOfYear + day - 719_469;
}

/** The date of a day; the inverse of `dayOf`. */
export function dateOf(day: number): CivilDate {
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const marchMonth = ((5 * dayOfYear + 2) / 153) | 0;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - (((153 * marchMonth + 2) / 5) | 0) + 1,
  };
}

/** The weekday of a day, 0 (Sunday) to 6. */
export function weekdayOf(day: number): number {
  const weekday = (day + 4) % 7;
  return weekday < 0 ? weekday + 7 : weekday;
}

/** Days of a month, 28–31. */
export function monthLength(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Whether the year has a 29 February. */
export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** `2027-03-14T02:30:00` for a wall time. */
export function wallText(wall: number): string {
  return new Date(wall * 1000).toISOString().slice(0, 19);
}
