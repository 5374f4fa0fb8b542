import { countBitsBelow, hasBit, nextBit, previousBit } from "./bits.ts";
import { countSecondsLeft, leavesNothing, leavesNothingOfHour, secondsLeft } from "./excluded-seconds.ts";
import type { Effort, Exclusions } from "./exclusions.ts";

/*
 * What a word of crons leaves of a day: whether anything, the first and the last of it, and how much. Times are seconds
 * since the day's midnight on the wall clock.
 */

const maxMemo = 4_096;

/** Whether the crons of `excluding` leave nothing of a day on which all of them fire. */
export function isDayCovered(exclusions: Exclusions, excluding: number, effort: Effort): boolean {
  const known = exclusions.coveredDays.get(excluding);
  if (known !== undefined) return known;
  return remember(exclusions.coveredDays, excluding, areHoursCovered(exclusions, excluding, effort));
}

function areHoursCovered({ hours, minutes, seconds }: Exclusions, excluding: number, effort: Effort): boolean {
  for (let hour = 0; hour < hours.length; hour++) {
    effort.steps--;
    if (!leavesNothingOfHour(seconds, minutes, excluding & (hours[hour] ?? 0))) return false;
  }
  return true;
}

/** The first second from `from` that is left, or -1. */
export function nextLeft(exclusions: Exclusions, excluding: number, from: number): number {
  const { cron, byHour, byMinute, seconds } = exclusions;
  const fromMinute = Math.floor(from / 60);
  for (let hour = nextBit(cron.hours, Math.floor(from / 3600)); hour !== -1; hour = nextBit(cron.hours, hour + 1)) {
    const inHour = excluding & (byHour[hour] ?? 0);
    const firstMinute = Math.max(fromMinute - hour * 60, 0);
    for (let minute = nextBit(cron.minutes, firstMinute); minute !== -1; minute = nextBit(cron.minutes, minute + 1)) {
      const inMinute = inHour & (byMinute[minute] ?? 0);
      if (leavesNothing(seconds, inMinute)) continue;
      const isFirst = hour * 60 + minute === fromMinute;
      const second = nextBit(secondsLeft(seconds, inMinute), isFirst ? from % 60 : 0);
      if (second !== -1) return hour * 3600 + minute * 60 + second;
    }
  }
  return -1;
}

/** The last second up to `to` that is left, or -1. */
export function previousLeft(exclusions: Exclusions, excluding: number, to: number): number {
  const { cron, byHour, byMinute, seconds } = exclusions;
  const toMinute = Math.floor(to / 60);
  for (
    let hour = previousBit(cron.hours, Math.floor(to / 3600));
    hour !== -1;
    hour = previousBit(cron.hours, hour - 1)
  ) {
    const inHour = excluding & (byHour[hour] ?? 0);
    const lastMinute = Math.min(toMinute - hour * 60, 59);
    for (
      let minute = previousBit(cron.minutes, lastMinute);
      minute !== -1;
      minute = previousBit(cron.minutes, minute - 1)
    ) {
      const inMinute = inHour & (byMinute[minute] ?? 0);
      if (leavesNothing(seconds, inMinute)) continue;
      const isLast = hour * 60 + minute === toMinute;
      const second = previousBit(secondsLeft(seconds, inMinute), isLast ? to % 60 : 59);
      if (second !== -1) return hour * 3600 + minute * 60 + second;
    }
  }
  return -1;
}

/** How many seconds are left of a day. */
export function countDayLeft(exclusions: Exclusions, excluding: number): number {
  if ((excluding & exclusions.wholeDays) !== 0) return 0;
  const known = exclusions.dayCounts.get(excluding);
  if (known !== undefined) return known;
  return remember(exclusions.dayCounts, excluding, countHoursBelow(exclusions, excluding, 24));
}

/** How many are left before `second` (0–86,400). */
export function countLeftBelow(exclusions: Exclusions, excluding: number, second: number): number {
  const { cron, byHour, byMinute, seconds } = exclusions;
  const hour = Math.floor(second / 3600);
  const minute = Math.floor(second / 60) % 60;
  let count = countHoursBelow(exclusions, excluding, hour);
  if (!hasBit(cron.hours, hour)) return count;
  const inHour = excluding & (byHour[hour] ?? 0);
  count += countMinutesBelow(exclusions, inHour, minute);
  if (!hasBit(cron.minutes, minute)) return count;
  return count + countBitsBelow(secondsLeft(seconds, inHour & (byMinute[minute] ?? 0)), second % 60);
}

function countHoursBelow(exclusions: Exclusions, excluding: number, end: number): number {
  const { cron, byHour } = exclusions;
  let count = 0;
  for (let hour = nextBit(cron.hours, 0); hour !== -1 && hour < end; hour = nextBit(cron.hours, hour + 1)) {
    count += countHour(exclusions, excluding & (byHour[hour] ?? 0));
  }
  return count;
}

function countHour(exclusions: Exclusions, excluding: number): number {
  const known = exclusions.hourCounts.get(excluding);
  if (known !== undefined) return known;
  return remember(exclusions.hourCounts, excluding, countMinutesBelow(exclusions, excluding, 60));
}

function countMinutesBelow({ cron, byMinute, seconds }: Exclusions, excluding: number, end: number): number {
  let count = 0;
  for (
    let minute = nextBit(cron.minutes, 0);
    minute !== -1 && minute < end;
    minute = nextBit(cron.minutes, minute + 1)
  ) {
    count += countSecondsLeft(seconds, excluding & (byMinute[minute] ?? 0));
  }
  return count;
}

function remember<Value>(memo: Map<number, Value>, word: number, value: Value): Value {
  if (memo.size >= maxMemo) memo.clear();
  memo.set(word, value);
  return value;
}
