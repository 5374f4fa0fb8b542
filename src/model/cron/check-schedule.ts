import type { FieldError } from "../api-errors.ts";
import { CronError, quote } from "./cron-error.ts";
import { maxExcludedCrons } from "./exclusions.ts";
import { type CronExpression, parseCron } from "./parse-cron.ts";
import { instantOf, isRealDate, openParsed, type ScheduleSpec } from "./schedule.ts";
import { checkTimeZone } from "./time-zones.ts";

/** Most dates that a schedule may exclude. */
export const maxExcludedDates = 1_000;

/** Most seconds of jitter: a day. */
export const maxJitterSeconds = 86_400;

/**
 * What is wrong with a schedule's meaning, its shape being right; empty if nothing is. Paths are JSON Pointers into the
 * schedule (`/exclude/crons/0`).
 *
 * @param after milliseconds since 1970 (now, as a rule) after which it must fire at least once
 */
export function checkSchedule(spec: ScheduleSpec, after: number): FieldError[] {
  const { errors, cron, excluded } = checkParts(spec);
  if (errors.length > 0 || cron === null) return errors;
  const never = whyNever(spec, cron, excluded, after);
  return never ? [never] : [];
}

/** The same of the schedule's parts alone: whether it has an occurrence left does not matter. */
export function checkScheduleParts(spec: ScheduleSpec): FieldError[] {
  return checkParts(spec).errors;
}

interface CheckedParts {
  readonly errors: FieldError[];
  readonly cron: CronExpression | null;
  readonly excluded: readonly CronExpression[];
}

function checkParts(spec: ScheduleSpec): CheckedParts {
  const errors: FieldError[] = [];
  const refuse = (path: string, message: string): void => {
    errors.push({ path, message });
  };
  const cron = checkCron(spec.cron, "/cron", refuse);
  const zone = checkTimeZone(spec.timeZone ?? "UTC");
  if (!zone.ok) refuse("/timeZone", zone.message);
  const start = checkInstant(spec.startAt, "/startAt", refuse);
  const end = checkInstant(spec.endAt, "/endAt", refuse);
  if (start !== null && end !== null && end <= start) {
    refuse("/endAt", `"endAt" (${spec.endAt}) must be after "startAt" (${spec.startAt})`);
  }
  const excluded = checkExclusions(spec, refuse);
  checkJitter(spec.jitterSeconds ?? 0, refuse);
  return { errors, cron, excluded };
}

type Refuse = (path: string, message: string) => void;

function checkCron(cron: string, path: string, refuse: Refuse): CronExpression | null {
  try {
    return parseCron(cron);
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    refuse(path, error.message);
    return null;
  }
}

function checkInstant(text: string | null | undefined, path: string, refuse: Refuse): number | null {
  if (text === null || text === undefined) return null;
  try {
    return instantOf(text);
  } catch {
    refuse(path, `${quote(text)} is not an RFC 3339 time such as 2027-01-31T08:00:00Z`);
    return null;
  }
}

/** @returns the expressions that are right */
function checkExclusions(spec: ScheduleSpec, refuse: Refuse): CronExpression[] {
  const dates = spec.exclude?.dates ?? [];
  const crons = spec.exclude?.crons ?? [];
  if (dates.length > maxExcludedDates) {
    refuse("/exclude/dates", `has ${dates.length} dates; at most ${maxExcludedDates} are allowed`);
  }
  if (crons.length > maxExcludedCrons) {
    refuse("/exclude/crons", `has ${crons.length} expressions; at most ${maxExcludedCrons} are allowed`);
  }
  for (const [index, date] of dates.slice(0, maxExcludedDates).entries()) {
    if (!isRealDate(date)) refuse(`/exclude/dates/${index}`, `${quote(date)} is not a date such as 2026-12-25`);
  }
  return crons
    .slice(0, maxExcludedCrons)
    .map((cron, index) => checkCron(cron, `/exclude/crons/${index}`, refuse))
    .filter((cron) => cron !== null);
}

function checkJitter(jitterSeconds: number, refuse: Refuse): void {
  if (Number.isInteger(jitterSeconds) && jitterSeconds >= 0 && jitterSeconds <= maxJitterSeconds) return;
  refuse("/jitterSeconds", `${jitterSeconds} is not a whole number from 0 to ${maxJitterSeconds}`);
}

/** The first of the reasons for which a schedule of valid parts never fires; `null` if it does. */
function whyNever(
  spec: ScheduleSpec,
  cron: CronExpression,
  excluded: readonly CronExpression[],
  after: number,
): FieldError | null {
  if (openParsed(spec, cron, excluded).next(after) !== undefined) return null;
  const { timeZone, startAt, endAt } = spec;
  if (openParsed({ timeZone, startAt, endAt }, cron, []).next(after) !== undefined) {
    return { path: "/exclude", message: "leaves no occurrence in sight; exclude less" };
  }
  const now = new Date(after).toISOString();
  const first = openParsed({ timeZone, startAt }, cron, []).next(after);
  if (first === undefined) {
    const since = startAt && instantOf(startAt) > after ? startAt : now;
    return { path: "/cron", message: `"cron" never fires after ${since}; its years are over` };
  }
  const end = endAt ?? "";
  if (instantOf(end) <= after) return { path: "/endAt", message: `"endAt" (${end}) is not after ${now}` };
  const firstAt = new Date(first).toISOString();
  return {
    path: "/endAt",
    message: `there is no occurrence before "endAt" (${end}); the first would be at ${firstAt}`,
  };
}
