import { dayOf, daySeconds } from "./calendar.ts";

/**
 * A stretch of time during which a zone's clocks keep one offset, in whole seconds since 1970-01-01T00:00:00Z. It may be
 * cut in pieces, but never within a day after a change.
 */
export interface Stretch {
  /** First second. */
  readonly start: number;
  /** First second after it. */
  readonly end: number;
  /** Seconds that the wall clock is ahead of UTC. */
  readonly offset: number;
  /** By how many seconds the clocks were put forward at `start` (negative: back); 0 where nothing changed there. */
  readonly shift: number;
}

/** A time zone and what has been worked out of it so far. */
export interface Zone {
  readonly name: string;
  readonly years: Map<number, readonly Stretch[]>;
  /** Tells the offset at an instant; `null` for UTC, which needs no asking. */
  readonly clock: Intl.DateTimeFormat | null;
  recent: Stretch;
}

const maxZones = 512;
const maxYears = 64;
// Shorter than the shortest pair of changes that cancel out, which is 6.96 days (tzdata 2025: Gaza in 2040, 2054 and
// 2072, Recife in 2000), so that sampling sees every change.
const sampleSeconds = 5 * daySeconds;
const leadSeconds = 3 * daySeconds;
// No change put clocks back by more than a day: what was repeated before the lead has ended by then.
const settledSeconds = 2 * daySeconds;
const nowhere: Stretch = { start: 0, end: 0, offset: 0, shift: 0 };

const zones = new Map<string, Zone>();

/**
 * The zone of a name that `checkTimeZone` has accepted. Kept: at most 512 zones and 64 years of each.
 *
 * @throws RangeError no such zone
 */
export function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known) return known;
  const isUtc = /^(?:etc\/)?(?:utc|gmt)$/i.test(name);
  const clock = isUtc
    ? null
    : new Intl.DateTimeFormat("en-US", { timeZone: name, day: "numeric", timeZoneName: "longOffset" });
  const zone: Zone = { name, years: new Map(), clock, recent: nowhere };
  if (zones.size >= maxZones) dropOldest(zones);
  zones.set(name, zone);
  return zone;
}

/**
 * The stretch that holds an instant. The first question about a year costs some 0.1 ms, later ones nanoseconds.
 *
 * @param at whole seconds since 1970-01-01T00:00:00Z
 */
export function stretchAt(zone: Zone, at: number): Stretch {
  const recent = zone.recent;
  if (at >= recent.start && at < recent.end) return recent;
  const found = findStretch(zone, at);
  zone.recent = found;
  return found;
}

function findStretch(zone: Zone, at: number): Stretch {
  const stretches = stretchesOf(zone, new Date(at * 1000).getUTCFullYear());
  for (const stretch of stretches) if (at < stretch.end) return stretch;
  return nowhere;
}

/** The stretches of a UTC year, begun early enough to show a change just before it, in order and without a gap. */
function stretchesOf(zone: Zone, year: number): readonly Stretch[] {
  const known = zone.years.get(year);
  if (known) return known;
  const made = workOut(zone.clock, dayOf(year, 1, 1) * daySeconds - leadSeconds, dayOf(year + 1, 1, 1) * daySeconds);
  if (zone.years.size >= maxYears) dropOldest(zone.years);
  zone.years.set(year, made);
  return made;
}

function workOut(clock: Intl.DateTimeFormat | null, from: number, to: number): readonly Stretch[] {
  if (clock === null) return [{ start: from, end: to, offset: 0, shift: 0 }];
  const stretches: Stretch[] = [];
  let start = from;
  let shift = 0;
  let offset = offsetAt(clock, from);
  // The last second that is known to have `offset`.
  let seen = from;
  while (seen < to - 1) {
    const sample = Math.min(seen + sampleSeconds, to - 1);
    if (offsetAt(clock, sample) === offset) {
      seen = sample;
      continue;
    }
    const change = findChange(clock, seen, sample, offset);
    stretches.push({ start, end: change, offset, shift });
    const after = offsetAt(clock, change);
    shift = after - offset;
    offset = after;
    start = change;
    seen = change;
  }
  stretches.push({ start, end: to, offset, shift });
  return cutLead(stretches, from + settledSeconds);
}

/** Without what may lie in a repeat whose change is not seen. */
function cutLead(stretches: readonly Stretch[], settled: number): readonly Stretch[] {
  const [first, ...rest] = stretches;
  if (!first || first.end <= settled) return rest;
  return [{ ...first, start: settled }, ...rest];
}

/** The first second after `low` at which the offset is no longer `offset`, given that it is not at `high`. */
function findChange(clock: Intl.DateTimeFormat, low: number, high: number, offset: number): number {
  let same = low;
  let changed = high;
  while (changed - same > 1) {
    const middle = Math.floor((same + changed) / 2);
    if (offsetAt(clock, middle) === offset) same = middle;
    else changed = middle;
  }
  return changed;
}

/** Seconds ahead of UTC, from text such as `31, GMT-05:00`, `1, GMT+05:30`, `1, GMT` or `31, GMT-00:44:30`. */
function offsetAt(clock: Intl.DateTimeFormat, at: number): number {
  const match = /GMT(?:([+\-−])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(clock.format(at * 1000));
  if (!match) throw new Error("This Node.js does not tell the offsets of time zones.");
  const seconds = Number(match[2] ?? 0) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0);
  return match[1] === "+" || seconds === 0 ? seconds : -seconds;
}

function dropOldest<Key>(map: Map<Key, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
