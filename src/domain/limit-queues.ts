/**
 * Refuses new jobs of customers whose queue is full.
 *
 * Invariant: a queue is measured again and again, not counted by every request, so that a limit may be passed by what
 * arrives between two measurements, and no request waits for a count.
 */
import { ApiError } from "../model/api-errors.ts";
import type { Database } from "../store/database.ts";
import { listLongQueues } from "../store/jobs/list-long-queues.ts";

/** Knows which customers' queues are full, as of the last measurement. */
export interface QueueLengths {
  isFull(customerCode: string): boolean;
  /** @throws ApiError RATE_LIMITED */
  requireRoom(customerCode: string): void;
  measure(): Promise<void>;
}

/**
 * Makes the queue lengths of this node; until the first measurement no queue is full.
 *
 * @param most unfinished jobs that a customer may have unless it has a limit of its own
 */
export function createQueueLengths(database: Database, most: number): QueueLengths {
  let full = new Set<string>();
  return {
    isFull: (customerCode) => full.has(customerCode),
    requireRoom(customerCode) {
      if (!full.has(customerCode)) return;
      throw new ApiError("RATE_LIMITED", "The queue holds as many unfinished jobs as this customer may have.", {
        retryAfterSeconds: 5,
      });
    },
    async measure() {
      full = new Set(await listLongQueues(database.sql, most));
    },
  };
}
