import { countBitsBelow, hasBit, nextBit, previousBit } from "./bits.ts";
import { daySeconds } from "./calendar.ts";
import {
  countDay,
  countHoursBelow,
  countMinutesBelow,
  type Effort,
  type Exclusions,
  excludingOn,
  secondsLeft,
} from "./exclusions.ts";
import type { CronExpression } from "./parse-cron.ts";
import { countWall, nextWall, previousWall } from "./wall-times.ts";

// A search gives up after this many excluded days in a row (11 years of a daily schedule), or this many hours that
// resemble none before; either takes some milliseconds.
const maxDays = 4_000;
const maxNewHours = 2_000;

/** The first wall time at or after `from` that fires and is not excluded, or `Infinity`. */
export function nextAllowedWall(cron: CronExpression, exclusions: Exclusions | null, from: number): number {
  if (exclusions === null) return nextWall(cron, from);
  const effort = newEffort();
  let at = from;
  while (hasEffort(effort)) {
    const wall = nextWall(cron, at);
    if (wall === Infinity) return Infinity;
    const day = Math.floor(wall / daySeconds);
    const excluding = excludingOn(exclusions, day);
    if (excluding === 0) return wall;
    if (excluding !== null && countDay(cron, exclusions, excluding, effort) > 0) {
      const second = nextLeft(cron, exclusions, excluding, wall - day * daySeconds);
      if (second !== -1) return day * daySeconds + second;
    }
    at = (day + 1) * daySeconds;
  }
  return Infinity;
}

/** The last wall time at or before `to` that fires and is not excluded, or `-Infinity`. */
export function previousAllowedWall(cron: CronExpression, exclusions: Exclusions | null, to: number): number {
  if (exclusions === null) return previousWall(cron, to);
  const effort = newEffort();
  let at = to;
  while (hasEffort(effort)) {
    const wall = previousWall(cron, at);
    if (wall === -Infinity) return -Infinity;
    const day = Math.floor(wall / daySeconds);
    const excluding = excludingOn(exclusions, day);
    if (excluding === 0) return wall;
    if (excluding !== null && countDay(cron, exclusions, excluding, effort) > 0) {
      const second = previousLeft(cron, exclusions, excluding, wall - day * daySeconds);
      if (second !== -1) return day * daySeconds + second;
    }
    at = day * daySeconds - 1;
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
  const effort = newEffort();
  let count = 0;
  let at = from;
  while (at < to) {
    const wall = nextWall(cron, at);
    if (wall >= to) break;
    const day = Math.floor(wall / daySeconds);
    const excluding = excludingOn(exclusions, day);
    const first = Math.max(from, day * daySeconds) - day * daySeconds;
    const end = Math.min(to, (day + 1) * daySeconds) - day * daySeconds;
    if (excluding !== null) {
      count +=
        first === 0 && end === daySeconds
          ? countDay(cron, exclusions, excluding, effort)
          : countBelow(cron, exclusions, excluding, end, effort) -
            countBelow(cron, exclusions, excluding, first, effort);
    }
    at = (day + 1) * daySeconds;
  }
  return count;
}

function nextLeft(cron: CronExpression, exclusions: Exclusions, excluding: number, from: number): number {
  const fromMinute = Math.floor(from / 60);
  for (let hour = Math.floor(from / 3600); hour < 24; hour++) {
    if (!hasBit(cron.hours, hour)) continue;
    const inHour = excluding & (exclusions.byHour[hour] ?? 0);
    if (exclusions.hourCounts.get(inHour) === 0) continue;
    const firstMinute = Math.max(fromMinute - hour * 60, 0);
    for (let minute = nextBit(cron.minutes, firstMinute); minute !== -1; minute = nextBit(cron.minutes, minute + 1)) {
      const left = secondsLeft(cron, exclusions, inHour & (exclusions.byMinute[minute] ?? 0));
      const second = nextBit(left, hour * 60 + minute === fromMinute ? from % 60 : 0);
      if (second !== -1) return hour * 3600 + minute * 60 + second;
    }
  }
  return -1;
}

function previousLeft(cron: CronExpression, exclusions: Exclusions, excluding: number, to: number): number {
  const toMinute = Math.floor(to / 60);
  for (let hour = Math.floor(to / 3600); hour >= 0; hour--) {
    if (!hasBit(cron.hours, hour)) continue;
    const inHour = excluding & (exclusions.byHour[hour] ?? 0);
    if (exclusions.hourCounts.get(inHour) === 0) continue;
    const lastMinute = Math.min(toMinute - hour * 60, 59);
    for (
      let minute = previousBit(cron.minutes, lastMinute);
      minute !== -1;
      minute = previousBit(cron.minutes, minute - 1)
    ) {
      const left = secondsLeft(cron, exclusions, inHour & (exclusions.byMinute[minute] ?? 0));
      const second = previousBit(left, hour * 60 + minute === toMinute ? to % 60 : 59);
      if (second !== -1) return hour * 3600 + minute * 60 + second;
    }
  }
  return -1;
}

/** How many of a day's seconds before `second` (0–86,400) are left. */
function countBelow(
  cron: CronExpression,
  exclusions: Exclusions,
  excluding: number,
  second: number,
  effort: Effort,
): number {
  const hour = Math.floor(second / 3600);
  const minute = Math.floor(second / 60) % 60;
  let count = countHoursBelow(cron, exclusions, excluding, hour, effort);
  if (!hasBit(cron.hours, hour)) return count;
  const inHour = excluding & (exclusions.byHour[hour] ?? 0);
  count += countMinutesBelow(cron, exclusions, inHour, minute);
  if (!hasBit(cron.minutes, minute)) return count;
  const inMinute = inHour & (exclusions.byMinute[minute] ?? 0);
  return count + countBitsBelow(secondsLeft(cron, exclusions, inMinute), second % 60);
}

function newEffort(): Effort {
  return { days: 0, newHours: 0 };
}

function hasEffort(effort: Effort): boolean {
  return effort.days < maxDays && effort.newHours < maxNewHours;
}
