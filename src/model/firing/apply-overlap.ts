/** What a schedule's overlap rule makes of occurrences that are due. */
import type { Schedule } from "../schedule.ts";
import { type DueOccurrence, isSameDay, type JoblessRange, type Step } from "./account.ts";

/** The unfinished jobs of a definition that count for overlap. */
export interface Unfinished {
  /** Those that are not held, by id. */
  readonly active: readonly string[];
  /** The one that is held. */
  readonly held: string | null;
  /** The newest occurrence that one of them is of, backfills apart; nominal, in milliseconds since 1970; null: none is. */
  readonly newest: number | null;
}

/** An occurrence that gets a job. */
export interface MadeOccurrence extends Omit<DueOccurrence, "type"> {
  readonly type: "made";
  /**
   * `start`: it is put into the queue. `hold`: it waits until what the rule has it wait for has ended. `replaced`: a newer occurrence
   * has its job already, or gets it now, and cancels it at once.
   */
  readonly fate: "start" | "hold" | "replaced";
}

/** What becomes of the occurrences, and which jobs make room for them. */
export interface Overlapped {
  readonly steps: readonly (MadeOccurrence | JoblessRange)[];
  /** Jobs that are cancelled, by id. */
  readonly cancel: readonly string[];
}

const reasons = { skip: "previous job still unfinished", queueOne: "one already queued" } as const;

/**
 * Decides, occurrence by occurrence, which get a job and how it begins.
 *
 * Under `cancelRunning` a job that is to `hold` may start at once where nothing that was cancelled still runs.
 */
export function applyOverlap(rule: Schedule["overlap"], steps: readonly Step[], unfinished: Unfinished): Overlapped {
  if (rule === "cancelRunning") return cancelRunning(steps, unfinished);
  let isActive = unfinished.active.length > 0;
  let isHeld = unfinished.held !== null;
  const decided = steps.map((step) => {
    if (step.type === "range") return step;
    if (rule === "allow" || !(isActive || isHeld)) {
      isActive = true;
      return { ...step, type: "made" as const, fate: "start" as const };
    }
    if (rule === "skip" || isHeld) return skipped(step, reasons[rule]);
    isHeld = true;
    return { ...step, type: "made" as const, fate: "hold" as const };
  });
  return { steps: joined<MadeOccurrence>(decided), cancel: [] };
}

function cancelRunning(steps: readonly Step[], { active, held, newest }: Unfinished): Overlapped {
  const last = steps.findLast((step) => step.type === "due");
  if (!last) return { steps: joined<never>(steps.filter((step) => step.type === "range")), cancel: [] };
  // What is caught up comes after what was on time, and cancels nothing that is newer.
  const isOutdated = newest !== null && newest > last.scheduledFor;
  const fate = active.length > 0 ? "hold" : "start";
  return {
    steps: steps.map((step) => {
      if (step.type === "range") return step;
      return { ...step, type: "made" as const, fate: step === last && !isOutdated ? fate : "replaced" };
    }),
    cancel: isOutdated ? [] : [...active, ...(held === null ? [] : [held])],
  };
}

function skipped({ scheduledFor }: DueOccurrence, reason: string): JoblessRange {
  return { type: "range", from: scheduledFor, until: scheduledFor, count: 1, outcome: "skipped", reason };
}

/** Refuses all jobs for one reason; ranges stay as they are. */
export function skipAll(steps: readonly Step[], reason: string): JoblessRange[] {
  return joined<never>(steps.map((step) => (step.type === "range" ? step : skipped(step, reason))));
}

/** Puts neighbours without a job that share outcome, reason and day into one range. */
function joined<Other extends { readonly type: "made" }>(
  steps: readonly (Other | JoblessRange)[],
): (Other | JoblessRange)[] {
  const result: (Other | JoblessRange)[] = [];
  for (const step of steps) {
    const before = result.at(-1);
    if (step.type === "range" && before?.type === "range" && continues(before, step)) {
      result[result.length - 1] = { ...before, until: step.until, count: before.count + step.count };
    } else result.push(step);
  }
  return result;
}

/** Whether a range may share the row of the one that ends right before it. */
export function continues(
  before: Pick<JoblessRange, "from" | "outcome" | "reason">,
  after: Pick<JoblessRange, "from" | "outcome" | "reason">,
): boolean {
  return before.outcome === after.outcome && before.reason === after.reason && isSameDay(before.from, after.from);
}
