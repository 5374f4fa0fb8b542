/**
 * Lets blocked jobs through as their limits allow.
 *
 * States: idle → admitting, with groups gathering for the next round → idle. Invariants: a job becomes ready from blocked here and
 * nowhere else, under the locks of its customer, so that no limit is ever exceeded; the rounds of a node never overlap; a
 * group that could not be served, or of which nobody was told, is found by the sweep within seconds.
 */
import type { Events } from "../runtime/events.ts";
import type { Logger } from "../runtime/logger.ts";
import { lockAdmission } from "../store/customers/lock-admission.ts";
import type { Database } from "../store/database.ts";
import { type AdmissionGroup, admitJobs } from "../store/jobs/admit-jobs.ts";

export type { AdmissionGroup };

/** Makes blocked jobs ready where their limits have room. */
export interface Admitter {
  /** Serves groups soon, together with whatever else gathers meanwhile. */
  admit(groups: readonly AdmissionGroup[]): void;
  /** Serves groups now. @returns the number of jobs that became ready */
  admitNow(groups: readonly AdmissionGroup[]): Promise<number>;
}

/** Makes the admitter of this node. */
export function createAdmitter(database: Database, events: Events, log: Logger): Admitter {
  let gathered = new Map<string, AdmissionGroup>();
  let state: "idle" | "admitting" = "idle";

  async function admitNow(groups: readonly AdmissionGroup[]): Promise<number> {
    if (groups.length === 0) return 0;
    const customers = [...new Set(groups.map((group) => group.customerCode))].sort();
    const admitted = await database.transaction(async (sql) => {
      await lockAdmission(sql, customers);
      return admitJobs(sql, groups);
    });
    if (admitted > 0) {
      events.emit("jobsReady");
      events.emit("jobsCreated");
    }
    return admitted;
  }

  async function serve(): Promise<void> {
    try {
      while (gathered.size > 0) {
        const groups = [...gathered.values()];
        gathered = new Map();
        await admitNow(groups);
      }
    } catch (error) {
      log.warn({ err: error }, "blocked jobs could not be let through; the sweep will");
    }
    // In the same step as the last look: a group that comes now begins a round of its own.
    state = "idle";
  }

  return {
    admitNow,
    admit(groups) {
      for (const group of groups) gathered.set(nameOf(group), group);
      if (state === "admitting" || gathered.size === 0) return;
      state = "admitting";
      void serve();
    },
  };
}

function nameOf({ customerCode, definitionId, concurrencyKey }: AdmissionGroup): string {
  return JSON.stringify([customerCode, definitionId, concurrencyKey]);
}
