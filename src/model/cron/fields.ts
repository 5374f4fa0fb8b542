import type { FieldPlace } from "./cron-error.ts";

/** Five fields are Unix cron (crontab(5)), six or seven are Quartz (its `CronExpression`). */
export type Dialect = "unix" | "quartz";

/** What one field may hold. */
export interface FieldRule extends FieldPlace {
  readonly key: FieldKey;
  readonly min: number;
  readonly max: number;
  /** Largest step of `a/n` and of a step over the whole field (Quartz `checkIncrementRange`; asked of Unix expressions too). */
  readonly maxStep: number;
  /** Names that stand for numbers, upper case, three letters. */
  readonly names: ReadonlyMap<string, number> | null;
  /** Whether a range may run over the end (`22-2`), and after how many values it begins again. */
  readonly wrap: number | null;
}

/** The fields by the name that code calls them. */
export type FieldKey = "second" | "minute" | "hour" | "dayOfMonth" | "month" | "dayOfWeek" | "year";

/** Last year that an expression may name (Quartz's documented range is 1970–2099). */
export const lastNamedYear = 2099;

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const months = numbered(monthNames, 1);
// crontab(5) counts Sunday as 0 (and 7), Quartz as 1 (CronExpression, table of allowed values).
const unixWeekdays = numbered(weekdayNames, 0);
const quartzWeekdays = numbered(weekdayNames, 1);

/** The five fields of Unix cron, in order. */
export const unixFields: readonly FieldRule[] = [
  rule("minute", "minute", 1, 0, 59, 59),
  rule("hour", "hour", 2, 0, 23, 23),
  rule("dayOfMonth", "day of month", 3, 1, 31, 31),
  rule("month", "month", 4, 1, 12, 12, months),
  rule("dayOfWeek", "day of week", 5, 0, 7, 7, unixWeekdays),
];

/** The seven fields of Quartz, in order; the last may be left out. */
export const quartzFields: readonly FieldRule[] = [
  rule("second", "second", 1, 0, 59, 59, null, 60),
  rule("minute", "minute", 2, 0, 59, 59, null, 60),
  rule("hour", "hour", 3, 0, 23, 23, null, 24),
  rule("dayOfMonth", "day of month", 4, 1, 31, 31, null, 31),
  rule("month", "month", 5, 1, 12, 12, months, 12),
  rule("dayOfWeek", "day of week", 6, 1, 7, 7, quartzWeekdays, 7),
  rule("year", "year", 7, 1970, lastNamedYear, 129),
];

/** What a name of three letters or more stands for in any field: `MON`, `Monday`, `january`. */
export function namedField(text: string): "month" | "dayOfWeek" | null {
  const short = text.slice(0, 3).toUpperCase();
  if (monthNames.includes(short)) return "month";
  return weekdayNames.includes(short) ? "dayOfWeek" : null;
}

function numbered(names: readonly string[], first: number): ReadonlyMap<string, number> {
  return new Map(names.map((name, index) => [name, index + first]));
}

function rule(
  key: FieldKey,
  name: string,
  position: number,
  min: number,
  max: number,
  maxStep: number,
  names: ReadonlyMap<string, number> | null = null,
  wrap: number | null = null,
): FieldRule {
  return { key, name, position, min, max, maxStep, names, wrap };
}
