/** What becomes of a span of a schedule that has been put aside. Times are nominal, in milliseconds since 1970, unless said. */
import type { Schedule } from "../cron/schedule.ts";
import type { Schedule as ScheduleRules } from "../schedule.ts";
import { dueOccurrence, joblessRanges, type Step } from "./account.ts";

/** Most jobs that `catchUp: "all"` makes of one span. */
export const mostCaughtUp = 1_000;

/** A span that is to be settled. */
export interface BacklogSpan {
  /** Included. */
  readonly from: number;
  /** Excluded. */
  readonly to: number;
  /** When it was put aside (no nominal time): its lateness counts from here. */
  readonly asOf: number;
  /** From here on jobs are made whatever `catchUp` says, each not before its time; null: nowhere. */
  readonly regardlessFrom: number | null;
  /** How many jobs `catchUp` has made of it in earlier slices. */
  readonly made: number;
}

/** What a slice settles, and what it leaves. */
export interface BacklogSlice {
  readonly steps: readonly Step[];
  /** What is left begins here; null where all is settled. */
  readonly from: number | null;
  readonly made: number;
  /** When the rest may be settled (no nominal time); `now` unless the rest is not due yet. */
  readonly dueAt: number;
}

const reasons = {
  none: "catchUp is none",
  tooOld: "older than catchUpWindowSeconds",
  notNewest: "catchUp is latest: only the newest is made",
  tooMany: `catchUp makes ${mostCaughtUp} jobs at most`,
  paused: "paused",
  removed: "the schedule was removed",
} as const;

/**
 * Plans the next slice of a span.
 *
 * @param most jobs at most, at least 1
 * @param state whether the definition is paused now, or has no schedule any more: occurrences that were not due yet when the span was put aside are then skipped
 */
export function planBacklog(
  schedule: Schedule,
  rules: Pick<ScheduleRules, "catchUp" | "catchUpWindowSeconds">,
  span: BacklogSpan,
  at: { readonly now: number; readonly jitterMs: number; readonly state: "active" | "paused" | "removed" },
  most: number,
): BacklogSlice {
  const regardless = Math.min(span.regardlessFrom ?? span.to, span.to);
  if (span.from < regardless) return catchUp(schedule, rules, span, regardless, at, most);
  const { now, jitterMs } = at;
  const dueTo = Math.min(span.to, at.state === "active" ? now - jitterMs + 1 : span.asOf - jitterMs + 1);
  const times = dueTo > span.from ? schedule.occurrences(span.from, dueTo, most) : [];
  const steps: Step[] = times.map((time) => dueOccurrence(time, "schedule", now, jitterMs));
  const next = schedule.next(times.at(-1) ?? span.from - 1);
  const rest = next !== undefined && next < span.to ? next : null;
  if (rest === null || rest < dueTo || at.state === "active") {
    return { steps, from: rest, made: span.made, dueAt: rest === null ? now : Math.max(now, rest + jitterMs) };
  }
  steps.push(...joblessRanges(schedule, rest, span.to, { outcome: "skipped", reason: reasons[at.state] }));
  return { steps, from: null, made: span.made, dueAt: now };
}

function catchUp(
  schedule: Schedule,
  rules: Pick<ScheduleRules, "catchUp" | "catchUpWindowSeconds">,
  span: BacklogSpan,
  regardless: number,
  at: { readonly now: number; readonly jitterMs: number },
  most: number,
): BacklogSlice {
  const { now, jitterMs } = at;
  const missed = (from: number, to: number, reason: string): Step[] =>
    from < to ? joblessRanges(schedule, from, to, { outcome: "missed", reason }) : [];
  const whole = (steps: readonly Step[], made: number): BacklogSlice => ({
    steps,
    from: regardless < span.to ? regardless : null,
    made,
    dueAt: now,
  });
  if (rules.catchUp === "none") return whole(missed(span.from, regardless, reasons.none), span.made);

  const windowFrom = span.asOf - jitterMs - rules.catchUpWindowSeconds * 1000;
  const inWindow = Math.min(Math.max(span.from, windowFrom), regardless);
  const tooOld = missed(span.from, inWindow, reasons.tooOld);
  if (rules.catchUp === "latest") {
    const newest = schedule.previous(regardless);
    if (newest === undefined || newest < inWindow) return whole(tooOld, span.made);
    const older = missed(inWindow, newest, reasons.notNewest);
    return whole([...tooOld, ...older, dueOccurrence(newest, "catchUp", now, jitterMs)], span.made + 1);
  }

  const times = schedule.occurrences(inWindow, regardless, Math.min(most, mostCaughtUp - span.made));
  const made = span.made + times.length;
  const steps = [...tooOld, ...times.map((time) => dueOccurrence(time, "catchUp", now, jitterMs))];
  const next = schedule.next(times.at(-1) ?? inWindow - 1);
  if (next === undefined || next >= regardless) return whole(steps, made);
  if (made >= mostCaughtUp) return whole([...steps, ...missed(next, regardless, reasons.tooMany)], made);
  return { steps, from: next, made, dueAt: now };
}
