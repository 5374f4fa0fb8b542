/**
 * What a node knows of ready jobs without asking PostgreSQL: those that it has made itself, and those of a customer that has the
 * database to itself.
 *
 * States: it must look → it knows → … Invariants: jobs that others made ready, and any that are left over, are looked for; a node
 * that knows looks once a second all the same, so that nobody waits longer for what it was not told of.
 */
import type { WaitingCustomers } from "../domain/claim-jobs.ts";

/** The longest that a node goes without a look. */
const lookEveryMs = 1_000;

/** What a node knows of ready jobs. */
export interface ReadyJobs {
  /** Hears how many jobs of which customers this node has made ready; undefined: others have, or other jobs. */
  heard(made: ReadonlyMap<string, number> | undefined): void;
  /** Hears that what is there is not taken, for want of slots. */
  leave(): void;
  /** Begins a claim of up to `limit` jobs. @returns whose they may be; undefined where that must be looked for */
  guess(limit: number): WaitingCustomers | undefined;
  /** Hears what a look found. */
  looked(found: WaitingCustomers): void;
  /** Hears how many jobs a claim took after a guess. */
  taken(jobs: number): void;
  /** Whether jobs may be ready that nobody has taken. */
  mayBeMore(): boolean;
}

/** Makes it; it knows nothing. @param now milliseconds of a clock that never goes back */
export function createReadyJobs(now: () => number = () => performance.now()): ReadyJobs {
  let made = new Map<string, number>();
  let knows = false;
  let mayBeMore = false;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let alone: WaitingCustomers["alone"] = "among others";
  let sole: string | undefined;
  let guessed = { jobs: 0, exactly: false };

  function forget(): undefined {
    made = new Map();
    knows = true;
    return undefined;
  }

  return {
    heard(more) {
      if (!more) knows = false;
      else for (const [customer, jobs] of more) made.set(customer, (made.get(customer) ?? 0) + jobs);
    },
    leave() {
      mayBeMore = true;
    },
    guess(limit) {
      if (!knows || now() - lookedAt >= lookEveryMs) return forget();
      const customers = [...made].map(([customerCode, ready]) => ({ customerCode, ready }));
      const [first] = customers;
      const only = sole ?? first?.customerCode;
      if (alone === "alone" && only !== undefined && (mayBeMore || first)) {
        if (customers.some(({ customerCode }) => customerCode !== only)) return forget();
        guessed = { jobs: limit, exactly: false };
        made.clear();
        return { customers: [{ customerCode: only, ready: limit }], alone };
      }
      if (mayBeMore || !first) return forget();
      guessed = { jobs: customers.reduce((sum, { ready }) => sum + ready, 0), exactly: true };
      made = new Map();
      return { customers, alone };
    },
    looked(found) {
      lookedAt = now();
      alone = found.alone;
      sole = alone === "alone" ? found.customers[0]?.customerCode : undefined;
      mayBeMore = found.customers.length > 0;
    },
    taken(jobs) {
      // Of a sole customer as many as there is room for were asked for: fewer are all. Of others those that were made: fewer
      // are a remainder, which another node may have taken.
      mayBeMore = guessed.exactly ? jobs < guessed.jobs : jobs >= guessed.jobs;
    },
    mayBeMore: () => mayBeMore,
  };
}
