/** How occurrences are accounted for: by a job each, or by ranges without one. Times are nominal, in milliseconds since 1970. */
import type { Schedule } from "../cron/schedule.ts";

/** Up to this lateness a job is made whatever `catchUp` says. */
export const regardlessMs = 60_000;

/** A job that was made later than this is `late`, not `fired`. */
export const lateMs = 5_000;

/** An occurrence for which a job is to be made, unless its schedule's overlap rule is against it. */
export interface DueOccurrence {
  readonly type: "due";
  readonly scheduledFor: number;
  readonly kind: "schedule" | "catchUp";
  readonly outcome: "fired" | "late";
  /** From the time at which it should have fired, jitter included. */
  readonly lateMs: number;
}

/** Consecutive occurrences without a job, of one outcome and reason, on one day of UTC. */
export interface JoblessRange {
  readonly type: "range";
  readonly from: number;
  /** The last of them. */
  readonly until: number;
  readonly count: number;
  readonly outcome: "skipped" | "missed";
  readonly reason: string;
}

/** What becomes of a schedule's occurrences, in order. */
export type Step = DueOccurrence | JoblessRange;

const dayMs = 86_400_000;

/** The first instant of the next day of UTC. */
function nextDay(time: number): number {
  return (Math.floor(time / dayMs) + 1) * dayMs;
}

/** Whether two times lie on one day of UTC. */
export function isSameDay(a: number, b: number): boolean {
  return Math.floor(a / dayMs) === Math.floor(b / dayMs);
}

/**
 * The occurrences from `from` (included) to `to` (excluded) as ranges, one per day; they are counted, not visited.
 *
 * @param why what all of them share
 */
export function joblessRanges(
  schedule: Schedule,
  from: number,
  to: number,
  why: Pick<JoblessRange, "outcome" | "reason">,
): JoblessRange[] {
  const ranges: JoblessRange[] = [];
  for (let first = schedule.next(from - 1); first !== undefined && first < to; ) {
    const end = Math.min(nextDay(first), to);
    const until = schedule.previous(end) ?? first;
    ranges.push({ type: "range", from: first, until, count: schedule.count(first, end), ...why });
    first = schedule.next(until);
  }
  return ranges;
}

/** An occurrence for which a job is made at `now`, or not before its time. @param jitterMs what its definition's jitter is */
export function dueOccurrence(
  scheduledFor: number,
  kind: DueOccurrence["kind"],
  now: number,
  jitterMs: number,
): DueOccurrence {
  const late = Math.max(0, now - scheduledFor - jitterMs);
  const outcome = kind === "catchUp" || late > lateMs ? "late" : "fired";
  return { type: "due", scheduledFor, kind, outcome, lateMs: late };
}
