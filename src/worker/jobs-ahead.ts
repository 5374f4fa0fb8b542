/**
 * Jobs that a node has claimed and that have no slot yet.
 *
 * States of a job here: waiting → begun, or waiting → given back. Invariants: those that wait begin in the order in which they came,
 * but for those whose customer may hold no more slots now; none waits longer than a quarter of a second.
 */
import type { SlotBook } from "./slots.ts";

/** The longest that a job waits for a slot. */
const longestWaitMs = 250;

/** A job that may wait for a slot. */
interface Waiting {
  readonly job: { readonly customerCode: string };
  readonly claimedAt: number;
}

/** What becomes of those that wait. */
export interface AheadEnds<Run> {
  /** Takes the slot. */
  begin(run: Run): void;
  /** Never rejects. */
  giveBack(runs: readonly Run[]): Promise<void>;
}

/** Holds jobs until they have a slot. */
export interface JobsAhead<Run> {
  size(): number;
  /** Adds those that wait to counts by customer. */
  addTo(counts: Map<string, number>): void;
  /** Lets it wait until a slot is left. */
  wait(run: Run): void;
  /** Begins those that may have a slot now. */
  begin(): void;
  /** Gives all back. Never rejects. */
  giveBack(): Promise<void>;
}

/** Makes it; nothing waits. */
export function createJobsAhead<Run extends Waiting>(slots: SlotBook, ends: AheadEnds<Run>): JobsAhead<Run> {
  const waiting = new Set<Run>();
  let timer: NodeJS.Timeout | undefined;

  function watch(): void {
    const [first] = waiting;
    if (!first || timer) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        void giveBack(performance.now() - longestWaitMs);
        watch();
      },
      Math.max(1, first.claimedAt + longestWaitMs - performance.now()),
    );
  }

  /** Those that were claimed by then. */
  async function giveBack(claimedBy: number): Promise<void> {
    const given = [...waiting].filter((run) => run.claimedAt <= claimedBy);
    for (const run of given) waiting.delete(run);
    if (given.length > 0) await ends.giveBack(given);
  }

  return {
    size: () => waiting.size,
    addTo(counts) {
      for (const { job } of waiting) counts.set(job.customerCode, (counts.get(job.customerCode) ?? 0) + 1);
    },
    wait(run) {
      waiting.add(run);
      watch();
    },
    begin() {
      for (const run of waiting) {
        if (slots.taken() >= slots.all) return;
        // A node that stood still may have lost it since: its timer gives it back.
        if (run.claimedAt <= performance.now() - longestWaitMs) continue;
        if (!slots.mayTake(run.job.customerCode)) continue;
        waiting.delete(run);
        ends.begin(run);
      }
    },
    giveBack: () => giveBack(Number.POSITIVE_INFINITY),
  };
}
