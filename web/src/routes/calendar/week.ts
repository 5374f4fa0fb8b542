/** A week of occurrences, sorted into days and hours of the viewer's zone. */
import type { CustomerOccurrence } from "../../api/occurrences.ts";

/** So many schedules in one minute are a crowd. */
export const crowd = 5;

const minuteMs = 60_000;

/** Those of one minute. */
export interface Minute {
  /** RFC 3339. */
  readonly at: string;
  readonly occurrences: readonly CustomerOccurrence[];
  /** Of the schedules that fire then, but for those that a jitter spreads. */
  readonly codes: readonly string[];
}

/** Midnight of the Monday of this week, or of one that is so many weeks off, and that of the week after. */
export function weekOf(now: Date, weeks: number): { readonly start: Date; readonly end: Date } {
  const monday = now.getDate() - ((now.getDay() + 6) % 7) + weeks * 7;
  const dayOf = (day: number): Date => new Date(now.getFullYear(), now.getMonth(), day);
  return { start: dayOf(monday), end: dayOf(monday + 7) };
}

/** Which day of the week, from 0, and which hour a time lies in. */
export function cellOf(time: string): { readonly day: number; readonly hour: number } {
  const date = new Date(time);
  return { day: (date.getDay() + 6) % 7, hour: date.getHours() };
}

/** When an occurrence was; of a range of them, when it began. */
export function timeOf(one: CustomerOccurrence): string {
  return "count" in one ? one.from : one.scheduledFor;
}

/** How many an entry stands for. */
export function countOf(one: CustomerOccurrence): number {
  return "count" in one ? one.count : 1;
}

/**
 * Sorts by minute, in the order of time.
 *
 * @param spread codes of the definitions whose schedule has a jitter
 */
export function minutesOf(occurrences: readonly CustomerOccurrence[], spread: ReadonlySet<string>): Minute[] {
  const byMinute = Map.groupBy(occurrences, (one) => Math.floor(Date.parse(timeOf(one)) / minuteMs) * minuteMs);
  return [...byMinute]
    .sort(([one], [other]) => one - other)
    .map(([at, found]) => ({
      at: new Date(at).toISOString(),
      occurrences: found,
      codes: [...new Set(found.map((one) => one.jobDefinitionCode).filter((code) => !spread.has(code)))],
    }));
}

/** A crowd of schedules that meets again and again. */
export interface Crowd {
  readonly codes: readonly string[];
  /** When it meets, in the order of time. */
  readonly times: readonly string[];
  /** Half a minute for each schedule, in whole minutes, an hour at most. */
  readonly jitterSeconds: number;
}

/** The crowds that are still to come, largest first; the same schedules at several times are one. */
export function crowdsOf(minutes: readonly Minute[]): Crowd[] {
  const crowded = minutes.filter(
    ({ codes, occurrences }) => codes.length >= crowd && occurrences.some(({ outcome }) => outcome === "expected"),
  );
  const byCodes = Map.groupBy(crowded, ({ codes }) => codes.toSorted().join("\n"));
  return [...byCodes.values()]
    .map((found) => ({
      codes: found[0]?.codes ?? [],
      times: found.map(({ at }) => at),
      jitterSeconds: jitterFor(found[0]?.codes.length ?? 0),
    }))
    .toSorted((one, other) => other.codes.length - one.codes.length);
}

/** Half a minute for each schedule, in whole minutes, an hour at most. */
function jitterFor(schedules: number): number {
  return Math.min(60, Math.ceil(schedules / 2)) * 60;
}
