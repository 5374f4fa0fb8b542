import { type ClockChange, clockChanges } from "./clock-changes.ts";
import { exclusionsOf } from "./exclusions.ts";
import type { Firing } from "./instants.ts";
import { countFirings, firingsBetween, nextFiring, previousFiring } from "./occurrences.ts";
import { type CronExpression, parseCron } from "./parse-cron.ts";
import { zoneOf } from "./zone.ts";

/** A schedule as it is written in a job definition; what is absent or `null` has its default. */
export interface ScheduleSpec {
  readonly cron: string;
  /** An IANA name; UTC by default. */
  readonly timeZone?: string | null | undefined;
  /** RFC 3339; the first instant at which it may fire. */
  readonly startAt?: string | null | undefined;
  /** RFC 3339; the first instant at which it may no longer fire. */
  readonly endAt?: string | null | undefined;
  readonly exclude?: ScheduleExclusions | null | undefined;
  /** Whole seconds, 0 by default. */
  readonly jitterSeconds?: number | null | undefined;
}

/**
 * When a schedule does not fire. What counts is the time that the clock shows for an occurrence: one that a change of the
 * clocks moves is excluded by the time that it was moved from.
 */
export interface ScheduleExclusions {
  /** `YYYY-MM-DD`, on the clocks of the schedule's zone. */
  readonly dates?: readonly string[] | null | undefined;
  /**
   * Expressions on the same clocks: a time that matches one of them does not fire. One of five fields matches the whole
   * minute, one of six or seven the second.
   */
  readonly crons?: readonly string[] | null | undefined;
}

/**
 * A schedule, ready to be asked. Times are milliseconds since 1970 and nominal: jitter moves none of them (`jitterMs`).
 * `startAt`, `endAt` and exclusions are part of every answer.
 */
export interface Schedule {
  readonly cron: CronExpression;
  readonly timeZone: string;
  /** The first occurrence after `after`; `undefined` where there is none, or none that a bounded search finds. */
  next(after: number): number | undefined;
  /** The last occurrence before `before`. */
  previous(before: number): number | undefined;
  /**
   * The occurrences from `from` (included) to `to` (excluded), in order, at most `limit`; fewer where exclusions make the
   * search for more a long one.
   */
  occurrences(from: number, to: number, limit: number): number[];
  /** How many there are from `from` (included) to `to` (excluded), without visiting them. */
  count(from: number, to: number): number;
  /** The changes of the clocks from `from` (included) to `to` (excluded) that move, drop or double occurrences. */
  clockChanges(from: number, to: number): ClockChange[];
}

/**
 * A schedule of what `checkSchedule` has found right.
 *
 * @throws CronError an expression is not valid
 * @throws RangeError there is no such time zone, or `startAt` or `endAt` is not a time
 */
export function openSchedule(spec: ScheduleSpec): Schedule {
  return openParsed(spec, parseCron(spec.cron), (spec.exclude?.crons ?? []).map(parseCron));
}

/** The same, of expressions that were parsed before: `cron` and `excluded` are those of the spec. */
export function openParsed(
  spec: Omit<ScheduleSpec, "cron">,
  cron: CronExpression,
  excluded: readonly CronExpression[],
): Schedule {
  const timeZone = spec.timeZone ?? "UTC";
  const exclusions = exclusionsOf(cron, spec.exclude?.dates ?? [], excluded);
  const firing: Firing = { cron, zone: zoneOf(timeZone), exclusions };
  const start = spec.startAt ? instantOf(spec.startAt) : -Infinity;
  const end = spec.endAt ? instantOf(spec.endAt) : Infinity;
  return {
    cron,
    timeZone,
    next(after) {
      const next = nextFiring(firing, Math.max(after, start - 1));
      return next === undefined || next >= end ? undefined : next;
    },
    previous(before) {
      const previous = previousFiring(firing, Math.min(before, end));
      return previous === undefined || previous < start ? undefined : previous;
    },
    occurrences: (from, to, limit) => firingsBetween(firing, Math.max(from, start), Math.min(to, end), limit),
    count: (from, to) => countFirings(firing, Math.max(from, start), Math.min(to, end)),
    clockChanges: (from, to) => clockChanges(firing, Math.max(from, start), Math.min(to, end)),
  };
}

/**
 * Milliseconds since 1970 of an RFC 3339 time.
 *
 * @throws RangeError it is none
 */
export function instantOf(text: string): number {
  const date = /^(\d{4})-(\d\d)-(\d\d)[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/.exec(text);
  const instant = date && isRealDate(text.slice(0, 10)) ? Date.parse(text.toUpperCase()) : Number.NaN;
  if (Number.isNaN(instant)) throw new RangeError(`${JSON.stringify(text.slice(0, 40))} is not an RFC 3339 time.`);
  return instant;
}

/** Whether a `YYYY-MM-DD` is a day of the calendar. */
export function isRealDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
