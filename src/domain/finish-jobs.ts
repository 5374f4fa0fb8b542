/**
 * Writes what runs have come to: ends, retries, waits.
 *
 * Invariants: whoever a limit holds up is let through once a place has been left; an end counts only under the claim that the
 * run was given; ends of many jobs share a commit; while the database is away an end is written again and again, which the
 * claim makes safe, until the node's lease is over; large results are packed four at a time.
 */
import type { JsonText } from "../model/job.ts";
import { type BatcherOptions, createBatcher } from "../runtime/batcher.ts";
import type { Database } from "../store/database.ts";
import { isRefused } from "../store/database-errors.ts";
import { finishJobs, type Finish as StoredFinish } from "../store/jobs/finish-jobs.ts";
import { insertJobResult } from "../store/jobs/insert-job-result.ts";
import { groupsOf, type LeftPlace } from "../store/jobs/left-place.ts";
import { type Retry, retryJobs } from "../store/jobs/retry-jobs.ts";
import { type Suspension, suspendJobs } from "../store/jobs/suspend-jobs.ts";
import type { Sql } from "../store/sql.ts";
import type { Admitter } from "./admit-jobs.ts";
import { isLargeResult, packResult } from "./steps/large-results.ts";

export type { Retry, Suspension };

/** The end of a job's run; its result may be of any size that may be stored. */
export type Finish = Omit<StoredFinish, "resultApart">;

interface LargeFinish extends StoredFinish {
  readonly text: JsonText;
}

/** About as long as a node's lease: after that others may have taken its claims. */
const writeForMs = 25_000;

/**
 * Whether the end was written; or the claim was no longer the job's; or PostgreSQL refused what it says, and would refuse
 * it every time.
 */
export type FinishOutcome = "written" | "claimLost" | "refused";

/** Writes what a run has come to: its end, its next attempt, or its wait. */
export interface JobFinisher {
  finish(finish: Finish): Promise<FinishOutcome>;
  retry(retry: Retry): Promise<FinishOutcome>;
  suspend(suspension: Suspension): Promise<FinishOutcome>;
}

/** Makes the finisher of this node. */
export function createJobFinisher(database: Database, admit: Admitter["admit"]): JobFinisher {
  const finishes = createBatcher(batchOf(database, admit, finishJobs, lengthOfFinish));
  // Few at a time: what is written together is in memory together.
  const large = createBatcher({
    ...batchOf(database, admit, finishWithResults, lengthOfFinish),
    maxSize: 4,
    maxRunning: 1,
  });
  const retries = createBatcher(batchOf(database, admit, retryJobs, ({ error }) => error.length));
  const suspensions = createBatcher(
    batchOf(database, admit, suspendJobs, (one) => ("state" in one ? one.state.length : 0)),
  );

  async function add(finish: Finish): Promise<FinishOutcome> {
    const { result } = finish;
    if (result === null || !isLargeResult(result)) return finishes.add({ ...finish, resultApart: "inRow" });
    return large.add({ ...finish, result: null, resultApart: "apart", text: result });
  }

  /** The end and the result, or neither. */
  async function finishWithResults(_sql: Sql, items: readonly LargeFinish[]): Promise<LeftPlace[]> {
    const packed = await Promise.all(items.map(async (item) => ({ ...item, gzip: await packResult(item.text) })));
    return database.transaction(async (sql) => {
      const left = await finishJobs(sql, packed);
      const written = new Set(left.map((place) => place.id));
      for (const item of packed) if (written.has(item.id)) await insertJobResult(sql, item);
      return left;
    });
  }

  return {
    finish: (finish) => add(finish).catch(refusedOrThrow),
    retry: (retry) => retries.add(retry).catch(refusedOrThrow),
    suspend: (suspension) => suspensions.add(suspension).catch(refusedOrThrow),
  };
}

function refusedOrThrow(error: unknown): "refused" {
  if (isRefused(error)) return "refused";
  throw error;
}

/** Characters of results, errors and states that are written out in one turn of the event loop: some milliseconds' worth. */
const mostText = 2 * 1024 * 1024;

function lengthOfFinish({ result, error }: Finish): number {
  return (result?.length ?? 0) + (error?.length ?? 0);
}

function batchOf<Item extends { id: string }>(
  database: Database,
  admit: Admitter["admit"],
  write: (sql: Sql, items: readonly Item[]) => Promise<LeftPlace[]>,
  lengthOf: (item: Item) => number,
): BatcherOptions<Item, FinishOutcome> {
  return {
    maxSize: 500,
    maxRunning: 2,
    isRefused,
    weight: { most: mostText, of: lengthOf },
    async run(items) {
      const left = await database.repeatable((sql) => write(sql, items), writeForMs);
      admit(groupsOf(left));
      const written = new Set(left.map((place) => place.id));
      return items.map((item) => (written.has(item.id) ? "written" : "claimLost"));
    },
  };
}
