import { type BitSet, lowestBit, popCount } from "./bits.ts";
import type { CronExpression } from "./parse-cron.ts";

/**
 * Which of a schedule's seconds every set of excluding crons excludes, without working out each of a million sets: tables
 * for the sets of the first half of the crons, and for those of the second. A set is a word with a bit for each cron; the
 * 60 seconds of a minute are two words, 0–31 and 32–59.
 */
export interface ExcludedSeconds {
  /** The schedule's own seconds. */
  readonly own: BitSet;
  /** How many crons the first tables are for. */
  readonly half: number;
  readonly firstLow: Int32Array;
  readonly firstHigh: Int32Array;
  readonly secondLow: Int32Array;
  readonly secondHigh: Int32Array;
}

/**
 * Works out once what each set of the crons excludes of a minute, for all later questions.
 *
 * @param crons at most 20; one of five fields excludes whole minutes
 */
export function excludedSecondsOf(cron: CronExpression, crons: readonly CronExpression[]): ExcludedSeconds {
  const half = Math.ceil(crons.length / 2);
  const low = crons.map(({ dialect, seconds }) => (dialect === "unix" ? -1 : (seconds[0] ?? 0)));
  const high = crons.map(({ dialect, seconds }) => (dialect === "unix" ? -1 : (seconds[1] ?? 0)));
  return {
    own: cron.seconds,
    half,
    firstLow: unionsOf(low.slice(0, half)),
    firstHigh: unionsOf(high.slice(0, half)),
    secondLow: unionsOf(low.slice(half)),
    secondHigh: unionsOf(high.slice(half)),
  };
}

/** The seconds that the crons of a set leave of a minute in which all of them exclude. */
export function secondsLeft(excluded: ExcludedSeconds, set: number): BitSet {
  return Int32Array.of(lowLeft(excluded, set), highLeft(excluded, set));
}

/** How many those are. */
export function countSecondsLeft(excluded: ExcludedSeconds, set: number): number {
  return popCount(lowLeft(excluded, set)) + popCount(highLeft(excluded, set));
}

/** Whether there are none. */
export function leavesNothing(excluded: ExcludedSeconds, set: number): boolean {
  return (lowLeft(excluded, set) | highLeft(excluded, set)) === 0;
}

/**
 * Whether the crons of a set leave nothing of an hour in which all of them exclude.
 *
 * @param minutes for each of the hour's minutes, the crons that exclude in it
 */
export function leavesNothingOfHour(excluded: ExcludedSeconds, minutes: Int32Array, set: number): boolean {
  // The innermost loop of every search: what it reads of objects is read before it begins.
  const { own, half, firstLow, firstHigh, secondLow, secondHigh } = excluded;
  const [low = 0, high = 0] = own;
  const inFirst = (1 << half) - 1;
  for (let index = 0; index < minutes.length; index++) {
    const here = set & (minutes[index] ?? 0);
    const first = here & inFirst;
    const second = here >>> half;
    if ((low & ~((firstLow[first] ?? 0) | (secondLow[second] ?? 0))) !== 0) return false;
    if ((high & ~((firstHigh[first] ?? 0) | (secondHigh[second] ?? 0))) !== 0) return false;
  }
  return true;
}

function lowLeft({ own, half, firstLow, secondLow }: ExcludedSeconds, set: number): number {
  const first = firstLow[set & ((1 << half) - 1)] ?? 0;
  return (own[0] ?? 0) & ~(first | (secondLow[set >>> half] ?? 0));
}

function highLeft({ own, half, firstHigh, secondHigh }: ExcludedSeconds, set: number): number {
  const first = firstHigh[set & ((1 << half) - 1)] ?? 0;
  return (own[1] ?? 0) & ~(first | (secondHigh[set >>> half] ?? 0));
}

/** The union of every subset, each made from the one that lacks its lowest member. */
function unionsOf(words: readonly number[]): Int32Array {
  const unions = new Int32Array(1 << words.length);
  for (let set = 1; set < unions.length; set++) {
    unions[set] = (unions[set & (set - 1)] ?? 0) | (words[lowestBit(set)] ?? 0);
  }
  return unions;
}
