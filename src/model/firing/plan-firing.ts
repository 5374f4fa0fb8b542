/** What a schedule has to do when its time has come. */
import type { Schedule } from "../cron/schedule.ts";
import { type DueOccurrence, dueOccurrence, regardlessMs } from "./account.ts";

/** What fires now, what is put aside, and how the schedule goes on. Times are milliseconds since 1970. */
export interface Firing {
  readonly due: readonly DueOccurrence[];
  /** Occurrences that are too late to be made regardless: from, included, to, excluded. */
  readonly behind: { readonly from: number; readonly to: number } | null;
  /** Nominal: everything up to here is accounted for. */
  readonly position: number;
  /** Jitter included; null where there is no further occurrence. It may have come already, where `most` was too few. */
  readonly nextFireAt: number | null;
}

/**
 * Plans the firing of a schedule at `now`.
 *
 * @param position nominal: everything up to here has been accounted for before
 * @param most occurrences at most
 */
export function planFiring(
  schedule: Schedule,
  at: { readonly position: number; readonly now: number; readonly jitterMs: number },
  most: number,
): Firing {
  const { position, now, jitterMs } = at;
  // Nominal: what lies up to `last` is due; what lies before `regardless` has been for too long.
  const last = now - jitterMs;
  const regardless = last - regardlessMs;
  const first = schedule.next(position);
  if (first === undefined || first > last) return end([], null, position, first, jitterMs);
  const behind = first < regardless ? { from: first, to: regardless } : null;
  const start = Math.max(first, regardless);
  const times = schedule.occurrences(start, last + 1, most);
  const reached = times.at(-1) ?? start - 1;
  const due = times.map((time) => dueOccurrence(time, "schedule", now, jitterMs));
  return end(due, behind, reached, schedule.next(reached), jitterMs);
}

function end(
  due: readonly DueOccurrence[],
  behind: Firing["behind"],
  position: number,
  next: number | undefined,
  jitterMs: number,
): Firing {
  return { due, behind, position, nextFireAt: next === undefined ? null : next + jitterMs };
}
