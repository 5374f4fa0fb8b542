/**
 * Lets callers wait for the end of jobs, without each of them asking the database.
 *
 * States of a waiter: waiting → told (its job ended, here or elsewhere) or timed out. Invariants: an end on this node is told at
 * once; one look a quarter of a second asks for all waiters of the node together, and only while there are some; nobody waits
 * longer than it asked to.
 */

import type { Events } from "../runtime/events.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { listUnfinishedJobs } from "../store/jobs/list-unfinished-jobs.ts";

const lookEveryMs = 250;

/** Holds callers back until a job has ended. */
export interface JobWaiter {
  /** Resolves when the job, by its id without the day, may have ended, or after `milliseconds`. */
  wait(id: string, milliseconds: number): Promise<void>;
}

/** Makes the waiter of this node. */
export function createJobWaiter(database: Database, events: Events, log: Logger): JobWaiter {
  const waiting = new Map<string, Set<() => void>>();
  let timer: NodeJS.Timeout | undefined;

  events.on("jobEnded", tell);

  function tell(id: string): void {
    for (const done of waiting.get(id) ?? []) done();
  }

  function planLook(): void {
    if (timer || waiting.size === 0) return;
    timer = setTimeout(() => {
      timer = undefined;
      look()
        .catch((error: unknown) => log.debug({ err: error }, "could not look for ended jobs; the next look comes"))
        .finally(planLook);
    }, lookEveryMs);
  }

  async function look(): Promise<void> {
    const ids = [...waiting.keys()];
    const unfinished = new Set(await listUnfinishedJobs(database.sql, ids));
    for (const id of ids) if (!unfinished.has(id)) tell(id);
  }

  return {
    wait(id, milliseconds) {
      return new Promise((resolve) => {
        const waiters = waiting.get(id) ?? new Set();
        waiting.set(id, waiters);
        const done = (): void => {
          clearTimeout(limit);
          waiters.delete(done);
          if (waiters.size === 0 && waiting.get(id) === waiters) waiting.delete(id);
          resolve();
        };
        const limit = setTimeout(done, milliseconds);
        waiters.add(done);
        planLook();
      });
    },
  };
}
