import { countBits } from "./bits.ts";
import { isRestricted, valuesOf, weekdayNumber, weekdaysOf } from "./day-masks.ts";
import type { Dialect } from "./fields.ts";
import type { CronExpression } from "./parse-cron.ts";
import type { Term } from "./terms.ts";

const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "",
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const ordinals = ["", "first", "second", "third", "fourth", "fifth"];

/** Most times of day that are written out one by one. */
const maxTimes = 6;

/**
 * An expression in words, right for the weekday numbers of its dialect: `At 10:15, Monday to Friday`. Ours, because
 * cronstrue counts weekdays one way for both dialects unless told, and does not know `L-3W`, wrapped ranges or that
 * two restricted day fields mean "or".
 */
export function describeCron(cron: CronExpression): string {
  const times = fixedTimes(cron);
  const when = times ?? rhythm(cron);
  const days = describeDays(cron);
  const parts = [when, ...days];
  if (times !== null && days.length === 0) parts[0] = `${when} every day`;
  const text = parts.join(", ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `At 02:30 and 14:30` where hours, minutes and seconds are plain numbers and few; otherwise `null`. */
function fixedTimes({ terms, hours, minutes, seconds }: CronExpression): string | null {
  const plain = [...terms.hour, ...terms.minute, ...terms.second].every((term) => term.kind === "value");
  if (!plain || countBits(hours) * countBits(minutes) * countBits(seconds) > maxTimes) return null;
  const times: string[] = [];
  for (const hour of numbers(terms.hour, 23)) {
    for (const minute of numbers(terms.minute, 59)) {
      for (const second of numbers(terms.second, 59)) {
        times.push(`${two(hour)}:${two(minute)}${second === 0 ? "" : `:${two(second)}`}`);
      }
    }
  }
  return `at ${list(times)}`;
}

/** What hours, minutes and seconds say together: `every 5 minutes, from 09:00 to 17:59`. */
function rhythm({ terms }: CronExpression): string {
  const everyHour = isEvery(terms.hour);
  const onSecondZero = isOnly(terms.second, 0);
  const onMinuteZero = isOnly(terms.minute, 0);
  if (onSecondZero && onMinuteZero) {
    const step = evenStep(terms.hour, 24);
    if (step !== null) return step === 1 ? "every hour" : `every ${step} hours`;
    return `on the hour, ${hourPhrase(terms.hour)}`;
  }
  const parts: string[] = [];
  if (!onSecondZero) parts.push(unitPhrase(terms.second, "second"));
  if (isEvery(terms.minute)) {
    if (onSecondZero) parts.push("every minute");
    else if (!isSteady(terms.second, 60)) parts.push("every minute");
  } else {
    parts.push(unitPhrase(terms.minute, "minute"));
  }
  if (!everyHour) parts.push(hourPhrase(terms.hour));
  else if (!isSteady(terms.minute, 60)) parts.push("every hour");
  return parts.join(", ");
}

/** Minutes or seconds: `every 5 minutes`, `at minute 30`, `at every 7th minute from 0`. */
function unitPhrase(terms: readonly Term[], unit: "minute" | "second"): string {
  const step = evenStep(terms, 60);
  if (step !== null) return step === 1 ? `every ${unit}` : `every ${step} ${unit}s`;
  const values = numbers(terms, 59);
  if (values.length <= 8 || terms.every((term) => term.kind === "value")) {
    return `at ${unit}${values.length === 1 ? "" : "s"} ${list(values.map(String))}`;
  }
  return `at ${list(terms.map((term) => spanOf(term, unit, String, 59)))}`;
}

function hourPhrase(terms: readonly Term[]): string {
  const values = numbers(terms, 23);
  const only = terms.length === 1 ? terms[0] : undefined;
  if (only?.kind === "range" && only.step === 1) return `from ${two(only.from)}:00 to ${two(only.to)}:59`;
  const step = evenStep(terms, 24);
  if (step !== null && step > 1) return `every ${step}${ordinalEnd(step)} hour from 00:00`;
  return `in hour${values.length === 1 ? "" : "s"} ${list(values.map(two))}`;
}

/** Days, weekdays, months and years, each only where something is restricted. */
function describeDays(cron: CronExpression): string[] {
  const { terms, dialect } = cron;
  const parts: string[] = [];
  const byDay = isRestricted(terms.dayOfMonth, 31) && terms.dayOfMonth[0]?.kind !== "any";
  const byWeekday = !isOpen(terms.dayOfWeek) && (dialect === "quartz" || isRestricted(terms.dayOfWeek, 7));
  const days = byDay ? `on ${list(dayPhrases(terms.dayOfMonth))}` : "";
  const weekday = byWeekday ? weekdayPhrase(cron) : "";
  if (byDay && byWeekday) parts.push(`${days} or ${weekday}`);
  else if (byDay || byWeekday) parts.push(days + weekday);
  if (countBits(cron.months) < 12) parts.push(monthPhrase(terms.month));
  if (terms.year && !isEvery(terms.year)) parts.push(yearPhrase(terms.year));
  return parts;
}

function dayPhrases(terms: readonly Term[]): string[] {
  const phrases: string[] = [];
  const plain = terms.flatMap((term) => valuesOf(term, 1, 31, 31));
  const only = terms.length === 1 ? terms[0] : undefined;
  if (only?.kind === "range" && only.step === 1 && plain.length > 2) {
    phrases.push(`days ${only.from} to ${only.to} of the month`);
  } else if (plain.length > 0) {
    const days = [...new Set(plain)].sort((left, right) => left - right);
    phrases.push(`day${days.length === 1 ? "" : "s"} ${list(days.map(String))} of the month`);
  }
  for (const term of terms) {
    if (term.kind === "nearestWeekday") phrases.push(`the weekday nearest to day ${term.day} of the month`);
    if (term.kind === "lastDay") phrases.push(lastDayPhrase(term.offset, term.nearestWeekday));
  }
  return phrases;
}

function lastDayPhrase(offset: number, nearestWeekday: boolean): string {
  const before = offset === 1 ? "the day before" : `${offset} days before`;
  const day = offset === 0 ? "the last day of the month" : `${before} the last day of the month`;
  if (!nearestWeekday) return day;
  return offset === 0 ? "the last weekday of the month" : `the weekday nearest to ${day}`;
}

function weekdayPhrase(cron: CronExpression): string {
  const terms = cron.terms.dayOfWeek;
  const only = terms.length === 1 ? terms[0] : undefined;
  const special = only?.kind === "lastWeekday" || only?.kind === "nthWeekday";
  if (only?.kind === "range" && only.step === 1 && only.from !== only.to) return weekdayTerm(only, cron.dialect);
  if (only && special) return `on ${weekdayTerm(only, cron.dialect)}`;
  const days = new Set(terms.flatMap((term) => weekdaysOf(term, cron.dialect)));
  if (days.size === 7) return "every day";
  return `on ${list([...days].sort((left, right) => left - right).map((day) => weekdays[day] ?? ""))}`;
}

/** `Monday to Friday`, `the third Friday of the month` for one part of the day of week. */
export function weekdayTerm(term: Term, dialect: Dialect): string {
  const name = (value: number): string => weekdays[weekdayNumber(value, dialect)] ?? "";
  if (term.kind === "lastWeekday") return `the last ${name(term.weekday)} of the month`;
  if (term.kind === "nthWeekday") return `the ${ordinals[term.nth]} ${name(term.weekday)} of the month`;
  if (term.kind === "range" && term.step === 1 && term.from !== term.to)
    return `${name(term.from)} to ${name(term.to)}`;
  return list(weekdaysOf(term, dialect).map((day) => weekdays[day] ?? ""));
}

function yearPhrase(terms: readonly Term[]): string {
  const only = terms.length === 1 ? terms[0] : undefined;
  if (only?.kind === "range" && only.step === 1 && only.from !== only.to) return `from ${only.from} to ${only.to}`;
  if (only?.kind === "from") return `in every ${only.step}${ordinalEnd(only.step)} year from ${only.from}`;
  if (only?.kind === "every") return `in every ${only.step}${ordinalEnd(only.step)} year from 1970`;
  return `in ${list(terms.map((term) => spanOf(term, "year", String, 2099)))}`;
}

function monthPhrase(terms: readonly Term[]): string {
  const name = (month: number): string => months[month] ?? "";
  const only = terms.length === 1 ? terms[0] : undefined;
  if (only?.kind === "range" && only.step === 1 && only.from !== only.to) {
    return `from ${name(only.from)} to ${name(only.to)}`;
  }
  const values = new Set(terms.flatMap((term) => valuesOf(term, 1, 12, 12)));
  return `in ${list([...values].sort((left, right) => left - right).map(name))}`;
}

/** One term of numbers: `minutes 5 to 20`, `every 3rd minute from 5 to 59`. */
function spanOf(term: Term, unit: string, show: (value: number) => string, max: number): string {
  if (term.kind === "value") return unit === "year" ? show(term.value) : `${unit} ${show(term.value)}`;
  const span =
    term.kind === "range" ? term : term.kind === "from" ? { ...term, to: max } : { from: 0, to: max, step: 1 };
  const step = term.kind === "every" ? term.step : span.step;
  if (step === 1) return `every ${unit} from ${show(span.from)} to ${show(span.to)}`;
  return `every ${step}${ordinalEnd(step)} ${unit} from ${show(span.from)} to ${show(span.to)}`;
}

/** The step of a lone `*`, `0/n` or the like, where it divides the round evenly, so that "every n" is true. */
function evenStep(terms: readonly Term[], round: number): number | null {
  const only = terms.length === 1 ? terms[0] : undefined;
  if (only?.kind === "every") return round % only.step === 0 ? only.step : null;
  if (only?.kind === "from" && only.from === 0) return round % only.step === 0 ? only.step : null;
  return null;
}

/** Whether a field by itself already says how often it comes round. */
function isSteady(terms: readonly Term[], round: number): boolean {
  return evenStep(terms, round) !== null;
}

function isEvery(terms: readonly Term[]): boolean {
  return terms.some((term) => term.kind === "every" && term.step === 1);
}

function isOpen(terms: readonly Term[]): boolean {
  return terms[0]?.kind === "any" || isEvery(terms);
}

function isOnly(terms: readonly Term[], value: number): boolean {
  return terms.every((term) => term.kind === "value" && term.value === value);
}

function numbers(terms: readonly Term[], max: number): number[] {
  const values = new Set(terms.flatMap((term) => valuesOf(term, 0, max, max + 1)));
  return [...values].sort((left, right) => left - right);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

function ordinalEnd(value: number): string {
  const tens = value % 100;
  if (tens >= 11 && tens <= 13) return "th";
  return ["th", "st", "nd", "rd"][value % 10] ?? "th";
}

function list(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}
