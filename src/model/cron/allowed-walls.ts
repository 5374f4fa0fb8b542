import { daySeconds } from "./calendar.ts";
import { countDayLeft, countLeftBelow, isDayCovered, nextLeft, previousLeft } from "./excluded-times.ts";
import { closeDays, type Effort, type Exclusions, excludingOn, nextOpenDay, previousOpenDay } from "./exclusions.ts";
import type { CronExpression } from "./parse-cron.ts";
import { countWall, nextWall, previousWall } from "./wall-times.ts";

/**
 * A search gives up after this, which takes a millisecond or two: half a century of months in which every day is excluded
 * by the same crons, or months of days that each take other crons, and all 24 hours of them.
 */
const maxSteps = 4_000;

/** What it costs to look at a day. */
const daySteps = 2;

/** The effort of one search. */
export function newEffort(): Effort {
  return { steps: maxSteps };
}

/** The first wall time at or after `from` that fires and is not excluded, or `Infinity`. */
export function nextAllowedWall(
  cron: CronExpression,
  exclusions: Exclusions | null,
  from: number,
  effort: Effort = newEffort(),
): number {
  if (exclusions === null) return nextWall(cron, from);
  let at = from;
  while (effort.steps > 0) {
    effort.steps -= daySteps;
    const wall = nextWall(cron, at);
    if (wall === Infinity) return Infinity;
    const day = Math.floor(wall / daySeconds);
    const open = nextOpenDay(exclusions, day, effort);
    at = (open === day ? day + 1 : open) * daySeconds;
    if (open !== day) continue;
    const excluding = excludingOn(exclusions, day, effort);
    if (excluding === 0) return wall;
    if (excluding === null) continue;
    if (isDayCovered(exclusions, excluding, effort)) {
      closeDays(exclusions, excluding);
      continue;
    }
    const second = nextLeft(exclusions, excluding, wall - day * daySeconds);
    if (second !== -1) return day * daySeconds + second;
  }
  return Infinity;
}

/** The last wall time at or before `to` that fires and is not excluded, or `-Infinity`. */
export function previousAllowedWall(
  cron: CronExpression,
  exclusions: Exclusions | null,
  to: number,
  effort: Effort = newEffort(),
): number {
  if (exclusions === null) return previousWall(cron, to);
  let at = to;
  while (effort.steps > 0) {
    effort.steps -= daySteps;
    const wall = previousWall(cron, at);
    if (wall === -Infinity) return -Infinity;
    const day = Math.floor(wall / daySeconds);
    const open = previousOpenDay(exclusions, day, effort);
    at = (open === day ? day : open + 1) * daySeconds - 1;
    if (open !== day) continue;
    const excluding = excludingOn(exclusions, day, effort);
    if (excluding === 0) return wall;
    if (excluding === null) continue;
    if (isDayCovered(exclusions, excluding, effort)) {
      closeDays(exclusions, excluding);
      continue;
    }
    const second = previousLeft(exclusions, excluding, wall - day * daySeconds);
    if (second !== -1) return day * daySeconds + second;
  }
  return -Infinity;
}

/** How many wall times from `from` (included) to `to` (excluded) fire and are not excluded. */
export function countAllowedWall(
  cron: CronExpression,
  exclusions: Exclusions | null,
  from: number,
  to: number,
): number {
  if (exclusions === null) return countWall(cron, from, to);
  // Counting has an end of its own, so nothing asks what is left of this.
  const effort = newEffort();
  let count = 0;
  let at = from;
  while (at < to) {
    const wall = nextWall(cron, at);
    if (wall >= to) break;
    const day = Math.floor(wall / daySeconds);
    const excluding = excludingOn(exclusions, day, effort);
    const first = Math.max(from, day * daySeconds) - day * daySeconds;
    const end = Math.min(to, (day + 1) * daySeconds) - day * daySeconds;
    if (excluding !== null) {
      count +=
        first === 0 && end === daySeconds
          ? countDayLeft(exclusions, excluding)
          : countLeftBelow(exclusions, excluding, end) - countLeftBelow(exclusions, excluding, first);
    }
    at = (day + 1) * daySeconds;
  }
  return count;
}
