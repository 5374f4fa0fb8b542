/**
 * What schedules will do: their coming occurrences, in order.
 *
 * Invariants: a call looks at a bounded number of schedules and tells a bounded number of occurrences, and lets the node do
 * other things in between; what it leaves out is said.
 */
import { setImmediate as breathe } from "node:timers/promises";
import { jitterMs } from "../../model/cron/jitter.ts";
import type { Schedule } from "../../model/cron/schedule.ts";
import { compareKeys, type ExpectedOccurrence, type OccurrenceKey, occurrenceKey } from "../../model/occurrence.ts";
import type { ComingSchedule } from "../../store/schedules/list-soonest-schedules.ts";
import type { Context } from "../context.ts";
import { openKept } from "./open-kept.ts";

/** Milliseconds of work between two breaths. */
const sliceMs = 5;

/** What was found of the occurrences to come. */
export interface Expected {
  readonly occurrences: readonly ExpectedOccurrence[];
  /** The last that was told, where there are more; null where there are none. */
  readonly stoppedAt: OccurrenceKey | null;
}

/** Which of them are wanted; milliseconds since 1970, both exclusive. */
export interface ExpectedWindow {
  readonly after: number;
  readonly before: number;
  readonly behind: OccurrenceKey | null;
  readonly limit: number;
  /** Jitter included: what is due at this time or after it is left out. */
  readonly dueBefore: number;
}

interface Walk {
  readonly schedule: Schedule;
  readonly before: number;
  readonly of: Pick<ExpectedOccurrence, "definitionId" | "jobDefinitionCode">;
  next: ExpectedOccurrence;
}

/** Finds the first `limit` coming occurrences of some schedules. */
export async function expectOccurrences(
  context: Context,
  coming: readonly ComingSchedule[],
  window: ExpectedWindow,
): Promise<Expected> {
  const walks = new Set<Walk>();
  let breathedAt = performance.now();
  for (const one of coming) {
    const walk = begin(context, one, window);
    if (walk) walks.add(walk);
    if (performance.now() - breathedAt < sliceMs) continue;
    await breathe();
    breathedAt = performance.now();
  }
  const occurrences: ExpectedOccurrence[] = [];
  while (walks.size > 0 && occurrences.length < window.limit) {
    const first = [...walks].reduce((a, b) => (compareKeys(occurrenceKey(a.next), occurrenceKey(b.next)) < 0 ? a : b));
    occurrences.push(first.next);
    const next = following(first, first.next.from.getTime());
    if (next) first.next = next;
    else walks.delete(first);
    if (performance.now() - breathedAt < sliceMs) continue;
    await breathe();
    breathedAt = performance.now();
  }
  const last = occurrences.at(-1);
  return { occurrences, stoppedAt: walks.size > 0 && last ? occurrenceKey(last) : null };
}

function begin(context: Context, coming: ComingSchedule, window: ExpectedWindow): Walk | undefined {
  const { definitionId, jobDefinitionCode } = coming;
  const opened = openKept(context, definitionId, coming.schedule);
  if (!opened) return undefined;
  const { times: schedule, rules } = opened;
  const jitter = jitterMs(definitionId, rules.jitterSeconds);
  const before = Math.min(window.before, window.dueBefore - jitter);
  const of = { definitionId, jobDefinitionCode };
  const next = following({ schedule, before, of }, startOf(coming, window));
  return next && { schedule, before, of, next };
}

/** The time behind which the occurrences of a schedule begin that have not been told. */
function startOf({ definitionId, position }: ComingSchedule, { after, behind }: ExpectedWindow): number {
  const start = Math.max(after, position.getTime());
  if (behind === null || behind.at <= start) return start;
  // At the time of the last that was told it is the order of the definitions that counts.
  return compareKeys({ at: behind.at, definitionId, kind: 1 }, behind) > 0 ? behind.at - 1 : behind.at;
}

function following({ schedule, before, of }: Omit<Walk, "next">, after: number): ExpectedOccurrence | undefined {
  const at = schedule.next(after);
  if (at === undefined || at >= before) return undefined;
  return { ...of, kind: 1, from: new Date(at), outcome: "expected" };
}
