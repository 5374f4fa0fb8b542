/**
 * Writes what runs have come to: ends, retries, hand-backs.
 *
 * Invariants: an end counts only under the claim that the run was given; ends of many jobs share a commit; while the
 * database is away an end is written again and again, which the claim makes safe, until the node's lease is over.
 */
import { type BatcherOptions, createBatcher } from "../runtime/batcher.ts";
import type { Database } from "../store/database.ts";
import { isRefused } from "../store/database-errors.ts";
import { type Finish, finishJobs } from "../store/jobs/finish-jobs.ts";
import { type Retry, retryJobs } from "../store/jobs/retry-jobs.ts";
import type { Sql } from "../store/sql.ts";

export type { Finish, Retry };

/** About as long as a node's lease: after that others may have taken its claims. */
const writeForMs = 25_000;

/**
 * Whether the end was written; or the claim was no longer the job's; or PostgreSQL refused what it says, and would refuse
 * it every time.
 */
export type FinishOutcome = "written" | "claimLost" | "refused";

export interface JobFinisher {
  finish(finish: Finish): Promise<FinishOutcome>;
  retry(retry: Retry): Promise<FinishOutcome>;
}

/** Makes the finisher of this node. */
export function createJobFinisher(database: Database): JobFinisher {
  const finishes = createBatcher(batchOf(database, finishJobs));
  const retries = createBatcher(batchOf(database, retryJobs));
  return {
    finish: (finish) => finishes.add(finish).catch(refusedOrThrow),
    retry: (retry) => retries.add(retry).catch(refusedOrThrow),
  };
}

function refusedOrThrow(error: unknown): "refused" {
  if (isRefused(error)) return "refused";
  throw error;
}

function batchOf<Item extends { id: string }>(
  database: Database,
  write: (sql: Sql, items: readonly Item[]) => Promise<string[]>,
): BatcherOptions<Item, FinishOutcome> {
  return {
    maxSize: 500,
    maxRunning: 2,
    isRefused,
    async run(items) {
      const written = new Set(await database.repeatable((sql) => write(sql, items), writeForMs));
      return items.map((item) => (written.has(item.id) ? "written" : "claimLost"));
    },
  };
}
