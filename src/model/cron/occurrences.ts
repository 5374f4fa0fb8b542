import { newEffort } from "./allowed-walls.ts";
import { countInstants, type Firing, nextInstant, previousInstant } from "./instants.ts";
import type { CronExpression } from "./parse-cron.ts";
import { zoneOf } from "./zone.ts";

/**
 * The first time after `after` at which the expression fires on the clocks of a zone, daylight saving included.
 *
 * @param timeZone a name that `checkTimeZone` accepts
 * @param after milliseconds since 1970, excluded
 * @returns milliseconds since 1970, or `undefined` where it never fires again before the year 3000
 */
export function nextOccurrence(cron: CronExpression, timeZone: string, after: number): number | undefined {
  return nextFiring({ cron, zone: zoneOf(timeZone), exclusions: null }, after);
}

/**
 * The last time before `before` at which the expression fires; nothing fires before 1970.
 *
 * @param before milliseconds since 1970, excluded
 */
export function previousOccurrence(cron: CronExpression, timeZone: string, before: number): number | undefined {
  return previousFiring({ cron, zone: zoneOf(timeZone), exclusions: null }, before);
}

/**
 * The times from `from` (included) to `to` (excluded), in order, at most `limit` of them.
 *
 * @param from milliseconds since 1970
 * @param to milliseconds since 1970
 */
export function occurrencesBetween(
  cron: CronExpression,
  timeZone: string,
  from: number,
  to: number,
  limit = Infinity,
): number[] {
  return firingsBetween({ cron, zone: zoneOf(timeZone), exclusions: null }, from, to, limit);
}

/** `nextOccurrence`, exclusions included. */
export function nextFiring(firing: Firing, after: number): number | undefined {
  const at = nextInstant(firing, Math.floor(after / 1000) + 1);
  return at === undefined ? undefined : at * 1000;
}

/** `previousOccurrence`, exclusions included. */
export function previousFiring(firing: Firing, before: number): number | undefined {
  const at = previousInstant(firing, Math.ceil(before / 1000) - 1);
  return at === undefined ? undefined : at * 1000;
}

/** What each occurrence of a list adds to the effort that is left for the others: some months of excluded days. */
const stepsEarned = 40;

/** `occurrencesBetween`, exclusions included. */
export function firingsBetween(firing: Firing, from: number, to: number, limit: number): number[] {
  const found: number[] = [];
  const effort = newEffort();
  let at = Math.ceil(from / 1000) - 1;
  while (found.length < limit) {
    const next = nextInstant(firing, at + 1, effort);
    if (next === undefined || next * 1000 >= to) break;
    found.push(next * 1000);
    effort.steps = Math.min(effort.steps + stepsEarned, newEffort().steps);
    at = next;
  }
  return found;
}

/** How many times fire from `from` (included) to `to` (excluded), in milliseconds since 1970; they are not visited. */
export function countFirings(firing: Firing, from: number, to: number): number {
  return countInstants(firing, Math.ceil(from / 1000), Math.ceil(to / 1000));
}
