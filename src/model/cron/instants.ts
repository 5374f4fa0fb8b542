import { countAllowedWall, newEffort, nextAllowedWall, previousAllowedWall } from "./allowed-walls.ts";
import type { Effort, Exclusions } from "./exclusions.ts";
import type { CronExpression } from "./parse-cron.ts";
import { type Stretch, stretchAt, type Zone } from "./zone.ts";

/*
 * From the wall clock to instants, daylight saving included (DESIGN, section 6), in whole seconds since 1970.
 *
 * Time is walked stretch by stretch, each with one offset. A stretch that begins with the clocks put forward begins
 * with a jump: the one instant at which fixed times of the gap fire, together and once. One that begins with the clocks
 * put back begins with a repeat of wall times; only expressions that follow elapsed time fire in it.
 */

/** What fires, where, and when it does not. */
export interface Firing {
  readonly cron: CronExpression;
  readonly zone: Zone;
  readonly exclusions: Exclusions | null;
}

// Where a search jumps over stretches it lands this long before the wall time it is after: more than any offset, so
// that it can pass neither that time nor a change that repeats or moves one.
const margin = 26 * 3600;
const earliest = -2 * 86_400;
const latest = Date.UTC(3000, 0, 2) / 1000;

/**
 * The first firing second that is at least `from`, or `undefined`.
 *
 * @param effort shared by the searches of a list, so that the whole of it stays bounded
 */
export function nextInstant(firing: Firing, from: number, effort: Effort = newEffort()): number | undefined {
  const { cron, exclusions } = firing;
  let at = Math.max(from, earliest);
  while (at < latest) {
    const stretch = stretchAt(firing.zone, at);
    const { start, end, offset, shift } = stretch;
    if (shift > 0 && at === start) {
      if (firesAtJump(firing, stretch)) return at;
      at++;
    }
    const repeatEnd = endOfRepeat(stretch);
    if (at < repeatEnd) {
      if (cron.followsElapsedTime) {
        const again = nextAllowedWall(cron, exclusions, at + offset, effort) - offset;
        if (again < repeatEnd) return again;
      }
      at = repeatEnd;
    }
    if (at >= end) continue;
    const next = nextAllowedWall(cron, exclusions, at + offset, effort) - offset;
    if (next < end) return next;
    // What fired just before the end of the stretch may come again after it, if the clocks are put back there.
    if (cron.followsElapsedTime && end - at < margin) at = end;
    else if (next === Infinity) return undefined;
    else at = Math.max(end, next - margin);
  }
  return undefined;
}

/** The last firing second that is at most `to`, or `undefined`. */
export function previousInstant(firing: Firing, to: number): number | undefined {
  const { cron, exclusions } = firing;
  const effort = newEffort();
  let at = Math.min(to, latest);
  while (at >= earliest) {
    const stretch = stretchAt(firing.zone, at);
    const { start, offset, shift } = stretch;
    const repeatEnd = endOfRepeat(stretch);
    const ordinaryStart = shift > 0 ? start + 1 : repeatEnd;
    if (at >= ordinaryStart) {
      const previous = previousAllowedWall(cron, exclusions, at + offset, effort) - offset;
      if (previous >= ordinaryStart) return previous;
      if (previous === -Infinity) return undefined;
      at = Math.min(ordinaryStart - 1, previous + margin);
      if (at < start) continue;
    }
    if (shift > 0 && at === start) {
      if (firesAtJump(firing, stretch)) return at;
    } else if (cron.followsElapsedTime && at < repeatEnd) {
      const again = previousAllowedWall(cron, exclusions, at + offset, effort) - offset;
      if (again >= start) return again;
    }
    at = start - 1;
  }
  return undefined;
}

/** How many seconds fire from `from` (included) to `to` (excluded), without visiting them. */
export function countInstants(firing: Firing, from: number, to: number): number {
  const { cron, exclusions } = firing;
  let count = 0;
  let at = Math.max(from, earliest);
  const stop = Math.min(to, latest);
  while (at < stop) {
    const stretch = stretchAt(firing.zone, at);
    const { start, offset, shift } = stretch;
    const end = Math.min(stretch.end, stop);
    if (shift > 0 && at === start) {
      if (firesAtJump(firing, stretch)) count++;
      at++;
    }
    const repeatEnd = Math.min(endOfRepeat(stretch), end);
    if (at < repeatEnd) {
      if (cron.followsElapsedTime) {
        count += countAllowedWall(cron, exclusions, at + offset, repeatEnd + offset);
      }
      at = repeatEnd;
    }
    count += countAllowedWall(cron, exclusions, at + offset, end + offset);
    at = end;
  }
  return count;
}

/** First second after the wall times that a stretch repeats of the one before; its start where it repeats none. */
export function endOfRepeat(stretch: Stretch): number {
  return stretch.shift < 0 ? Math.min(stretch.start - stretch.shift, stretch.end) : stretch.start;
}

/** Whether the first instant after a gap fires: at a time of its own, or with the fixed times that the gap swallowed. */
function firesAtJump({ cron, exclusions }: Firing, { start, offset, shift }: Stretch): boolean {
  const wall = start + offset;
  return countAllowedWall(cron, exclusions, cron.followsElapsedTime ? wall : wall - shift, wall + 1) > 0;
}
