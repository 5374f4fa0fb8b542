import { countAllowedWall, nextAllowedWall, previousAllowedWall } from "./allowed-walls.ts";
import { countBits, hasBit } from "./bits.ts";
import { wallText } from "./calendar.ts";
import { endOfRepeat, type Firing } from "./instants.ts";
import { type Stretch, stretchAt } from "./zone.ts";

/** A change of a zone's clocks that touches a schedule. */
export interface ClockChange {
  /** The instant of the change, milliseconds since 1970. */
  readonly at: number;
  /** What the clocks show before and after: `2027-03-14T02:00:00`, `2027-03-14T03:00:00`. */
  readonly from: string;
  readonly to: string;
  /**
   * `moved`: fixed times that do not exist fire at `at`, once. `dropped`: times of a schedule that follows elapsed time
   * do not exist. `doubled`: such times exist, and fire, twice.
   */
  readonly effect: "moved" | "dropped" | "doubled";
  /** How many wall times are touched, and the first and last of them: `2027-03-14T02:30:00`. */
  readonly count: number;
  readonly first: string;
  readonly last: string;
}

/**
 * The changes from `from` (included) to `to` (excluded) that move, drop or double occurrences, in order. A change that
 * leaves the rhythm as it is ("every 15 minutes", by an hour) is none, nor is one that fixed times meet by firing at
 * the first of two.
 *
 * @param from milliseconds since 1970
 * @param to milliseconds since 1970; each year that is looked at costs some 0.1 ms the first time
 */
export function clockChanges(firing: Firing, from: number, to: number): ClockChange[] {
  const changes: ClockChange[] = [];
  const stop = Math.ceil(to / 1000);
  let at = Math.ceil(from / 1000);
  while (at < stop) {
    const stretch = stretchAt(firing.zone, at);
    if (stretch.shift !== 0 && stretch.start === at) {
      const change = touch(firing, stretch);
      if (change) changes.push(change);
    }
    at = stretch.end;
  }
  return changes;
}

/** A sentence that tells a person of the change. */
export function describeClockChange(change: ClockChange, timeZone: string): string {
  const date = change.from.slice(0, 10);
  const clocks = `On ${date} clocks in ${timeZone} go from ${clock(change.from, date)} to ${clock(change.to, date)}`;
  const one = change.count === 1;
  const times = one
    ? clock(change.first, date)
    : `the ${change.count} occurrences from ${clock(change.first, date)} to ${clock(change.last, date)}`;
  const at = new Date(change.at).toISOString().replace(".000Z", "Z");
  if (change.effect === "doubled") return `${clocks}: ${times} ${one ? "fires" : "fire"} twice.`;
  if (change.effect === "dropped") return `${clocks}: ${times} ${one ? "does" : "do"} not exist and will not fire.`;
  return `${clocks}: ${times} ${one ? "does" : "do"} not exist and ${one ? "fires" : "fire together, once,"} at ${clock(change.to, date)} (${at}).`;
}

function touch(firing: Firing, stretch: Stretch): ClockChange | null {
  const { cron, exclusions } = firing;
  const after = stretch.start + stretch.offset;
  const before = after - stretch.shift;
  if (cron.followsElapsedTime && keepsRhythm(firing, stretch.shift)) return null;
  if (stretch.shift < 0 && !cron.followsElapsedTime) return null;
  const low = Math.min(before, after);
  const high = stretch.shift > 0 ? after : endOfRepeat(stretch) + stretch.offset;
  const count = countAllowedWall(cron, exclusions, low, high);
  if (count === 0) return null;
  return {
    at: stretch.start * 1000,
    from: wallText(before),
    to: wallText(after),
    effect: stretch.shift < 0 ? "doubled" : cron.followsElapsedTime ? "dropped" : "moved",
    count,
    first: wallText(nextAllowedWall(cron, exclusions, low)),
    last: wallText(previousAllowedWall(cron, exclusions, high - 1)),
  };
}

/** Whether minutes and hours come round the same after a shift, so that nobody could tell it by the elapsed time. */
function keepsRhythm({ cron }: Firing, shift: number): boolean {
  if (countBits(cron.hours) < 24 || shift % 60 !== 0) return false;
  for (let minute = 0; minute < 60; minute++) {
    const shifted = (((minute + shift / 60) % 60) + 60) % 60;
    if (hasBit(cron.minutes, minute) !== hasBit(cron.minutes, shifted)) return false;
  }
  return true;
}

/** `02:30`, with seconds and another date where they matter. */
function clock(wall: string, date: string): string {
  const time = wall.endsWith(":00") ? wall.slice(11, 16) : wall.slice(11);
  return wall.startsWith(date) ? time : `${wall.slice(0, 10)} ${time}`;
}
