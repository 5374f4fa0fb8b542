/**
 * How many jobs a node claims before there are slots for them, so that a slot that is left is taken again at once, rather than after
 * the next claim.
 *
 * Invariants: of each customer as many as its runs have lately ended within the time of a claim or two, so none where runs are long; none for
 * a while after one has waited in vain.
 */

/** Ends are counted over a time as long as this and up to twice as long. */
const windowMs = 100;
/** Jobs for as long as so many claims take are claimed ahead: half of them are at hand when the next claim begins. */
const claims = 2.5;
/** The longest time for which jobs are claimed ahead. */
const longestMs = 100;
/** How long nothing is claimed ahead after one has waited in vain. */
const pauseMs = 2_000;

/** Counts runs that end, and says how many more jobs to have at hand. */
export interface ClaimAhead {
  /** Hears that a slot of the customer's has been left. */
  left(customerCode: string): void;
  /** Hears how long a claim has taken. */
  claimed(tookMs: number): void;
  /** Hears that a job has waited too long for a slot. */
  inVain(): void;
  /** Jobs to have at hand at most, by customer; those with none left out. */
  most(): ReadonlyMap<string, number>;
}

/** Makes it; it has counted nothing. @param now milliseconds of a clock that never goes back */
export function createClaimAhead(now: () => number = () => performance.now()): ClaimAhead {
  let before = new Map<string, number>();
  let current = new Map<string, number>();
  let begunAt = now();
  let claimMs = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;

  /** @returns milliseconds since the window began */
  function turn(): number {
    const passed = now() - begunAt;
    if (passed < windowMs) return passed;
    before = passed < 2 * windowMs ? current : new Map();
    current = new Map();
    begunAt = now();
    return 0;
  }

  return {
    left(customerCode) {
      turn();
      current.set(customerCode, (current.get(customerCode) ?? 0) + 1);
    },
    claimed(tookMs) {
      claimMs += (tookMs - claimMs) / 8;
    },
    inVain() {
      pausedUntil = now() + pauseMs;
    },
    most() {
      const most = new Map<string, number>();
      if (now() < pausedUntil) return most;
      const part = Math.min(claims * claimMs, longestMs) / (windowMs + turn());
      for (const customer of new Set([...before.keys(), ...current.keys()])) {
        const ended = (before.get(customer) ?? 0) + (current.get(customer) ?? 0);
        const jobs = Math.floor(ended * part);
        if (jobs > 0) most.set(customer, jobs);
      }
      return most;
    },
  };
}
