/**
 * Writes what runs have come to: ends, retries, waits.
 *
 * Invariants: whoever a limit holds up is let through once a place has been left; an end counts only under the claim that the
 * run was given; ends of many jobs share a commit; while the database is away an end is written again and again, which the
 * claim makes safe, until the node's lease is over, and one of which it turns out that it stood written already counts as
 * written; large results are packed four at a time.
 */
import type { JsonText } from "../model/job.ts";
import { type BatcherOptions, createBatcher } from "../runtime/batcher.ts";
import { isRefused } from "../store/database-errors.ts";
import { findWrittenEnds } from "../store/jobs/find-written-ends.ts";
import { findWrittenRuns, type WrittenRun } from "../store/jobs/find-written-runs.ts";
import { finishJobs, type Finish as StoredFinish } from "../store/jobs/finish-jobs.ts";
import { insertJobResult } from "../store/jobs/insert-job-result.ts";
import { groupsOf, type LeftPlace } from "../store/jobs/left-place.ts";
import { type Retry, retryJobs } from "../store/jobs/retry-jobs.ts";
import { type Suspension, suspendJobs } from "../store/jobs/suspend-jobs.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { announceEnded, type EndAudience, type EndedJob } from "./steps/announce-ended.ts";
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

/** What the finisher needs of its node. */
type Outside = EndAudience & Pick<Context, "database">;

/** Makes the finisher of this node. */
export function createJobFinisher(node: Outside): JobFinisher {
  const { database } = node;
  const ends = { find: findWrittenEnds, tell: (ended: readonly EndedJob[]) => void announceEnded(node, ended) };
  const finishes = createBatcher(
    batchOf<StoredFinish, EndedJob>(node, { write: finishJobs, ...ends, lengthOf: lengthOfFinish }),
  );
  // Few at a time: what is written together is in memory together.
  const large = createBatcher({
    ...batchOf<LargeFinish, EndedJob>(node, { write: finishWithResults, ...ends, lengthOf: lengthOfFinish }),
    maxSize: 4,
    maxRunning: 1,
  });
  const places = { find: findRuns, tell: (left: readonly LeftPlace[]) => node.admitter.admit(groupsOf(left)) };
  const retries = createBatcher(
    batchOf(node, { write: retryJobs, ...places, lengthOf: ({ error }: Retry) => error.length }),
  );
  const suspensions = createBatcher(
    batchOf(node, {
      write: suspendJobs,
      ...places,
      lengthOf: (one: Suspension) => ("state" in one ? one.state.length : 0),
    }),
  );

  async function add(finish: Finish): Promise<FinishOutcome> {
    const { result } = finish;
    if (result === null || !isLargeResult(result)) return finishes.add(finish);
    return large.add({ ...finish, result: null, resultApart: "apart", text: result });
  }

  /** The end and the result, or neither. */
  async function finishWithResults(_sql: Sql, items: readonly LargeFinish[]): Promise<EndedJob[]> {
    const packed = await Promise.all(items.map(async (item) => ({ ...item, gzip: await packResult(item.text) })));
    return database.transaction(async (sql) => {
      const ended = await finishJobs(sql, packed);
      const written = new Set(ended.map((job) => job.id));
      for (const item of packed) if (written.has(item.id)) await insertJobResult(sql, item);
      return ended;
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

/** Whoever was held up by these runs the sweep lets through. */
async function findRuns(sql: Sql, runs: readonly WrittenRun[]): Promise<LeftPlace[]> {
  return (await findWrittenRuns(sql, runs)).map((id) => ({ id, group: null }));
}

/** How outcomes of one kind are written. */
interface Writing<Item, Written> {
  write(sql: Sql, items: readonly Item[]): Promise<Written[]>;
  /** Finds those that an earlier try has written, whose answer got lost. */
  find(sql: Sql, items: readonly Item[]): Promise<Written[]>;
  /** Tells what was written, once it is committed. */
  tell(written: readonly Written[]): void;
  lengthOf(item: Item): number;
}

function batchOf<Item extends { id: string }, Written extends { id: string }>(
  { database }: Outside,
  { write, find, tell, lengthOf }: Writing<Item, Written>,
): BatcherOptions<Item, FinishOutcome> {
  async function writeAll(items: readonly Item[]): Promise<Written[]> {
    let tries = 0;
    const written = await database.repeatable(
      (sql) => {
        tries += 1;
        return write(sql, items);
      },
      writeForMs,
      database.steady,
    );
    if (tries === 1 || written.length === items.length) return written;
    const ids = new Set(written.map((one) => one.id));
    const missing = items.filter((item) => !ids.has(item.id));
    return [...written, ...(await database.repeatable((sql) => find(sql, missing)))];
  }

  return {
    maxSize: 500,
    maxRunning: 2,
    isRefused,
    weight: { most: mostText, of: lengthOf },
    async run(items) {
      const written = await writeAll(items);
      tell(written);
      const ids = new Set(written.map((one) => one.id));
      return items.map((item) => (ids.has(item.id) ? "written" : "claimLost"));
    },
  };
}
