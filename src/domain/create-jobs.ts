/**
 * Makes new jobs durable, those of many callers in one commit.
 *
 * Invariants: an id is answered only after the commit that holds its job has been flushed; a job that PostgreSQL
 * refuses fails alone; a batch whose outcome is unknown answers 503 and is never tried again from here, because it
 * may have been written; while PostgreSQL is silent nobody waits longer than the deadline of one statement.
 */
import { conflict } from "../model/api-errors.ts";
import type { NewJob } from "../model/job.ts";
import { formatJobId, type JobKey } from "../model/job-id.ts";
import { createBatcher } from "../runtime/batcher.ts";
import type { ChangeFeed } from "../runtime/change-feed.ts";
import type { Events } from "../runtime/events.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Database } from "../store/database.ts";
import { isRefused, isSilence, toCallerError } from "../store/database-errors.ts";
import { claimIdempotencyKeys } from "../store/idempotency-keys/claim-idempotency-keys.ts";
import { findIdempotencyKeys } from "../store/idempotency-keys/find-idempotency-keys.ts";
import { moveIdempotencyKeys } from "../store/idempotency-keys/move-idempotency-keys.ts";
import { insertJobs } from "../store/jobs/insert-jobs.ts";
import type { AdmissionGroup, Admitter } from "./admit-jobs.ts";
import { withJobDays } from "./steps/with-job-days.ts";
import { tellNewJob } from "./tell-changes.ts";

/** The `Idempotency-Key` of a request, with what tells it from another request under the same key. */
export interface IdempotencyKey {
  readonly key: string;
  readonly path: string;
  /** Hash of the canonical body. */
  readonly bodyHash: Uint8Array;
}

/** Whether two requests under one key are one request, sent again. */
export function isSameRequest(a: Omit<IdempotencyKey, "key">, b: Omit<IdempotencyKey, "key">): boolean {
  return a.path === b.path && Buffer.compare(a.bodyHash, b.bodyHash) === 0;
}

/** Makes jobs durable; callers of the same moment share a commit. */
export interface JobWriter {
  /** @returns the job's id, once it is durable; under a key that has been answered before, that answer. */
  create(job: NewJob, idempotencyKey?: IdempotencyKey): Promise<string>;
  /** Resolves when every job that was given has been answered. */
  drained(): Promise<void>;
}

interface KeyedJob {
  readonly job: NewJob;
  readonly idempotencyKey: IdempotencyKey;
}

/** Characters of params that are written out in one turn of the event loop: some milliseconds' worth. */
const mostParams = 2 * 1024 * 1024;

/** One batch: large enough to fill a commit, small enough that its callers do not wait for one another long. */
const batch = { maxSize: 500, maxRunning: 2, isRefused, isHopeless: isSilence };

/** Makes the writer of this node. */
export function createJobWriter(
  database: Database,
  events: Events,
  changes: ChangeFeed,
  metrics: Metrics,
  admit: Admitter["admit"],
): JobWriter {
  const plain = createBatcher<NewJob, string>({
    ...batch,
    weight: { most: mostParams, of: (job) => job.params.length },
    run: writeJobs,
  });
  const keyed = createBatcher<KeyedJob, string | Error>({
    ...batch,
    weight: { most: mostParams, of: ({ job }) => job.params.length },
    run: writeKeyedJobs,
  });

  function announce(jobs: readonly NewJob[], made: readonly MadeJob[]): void {
    const states = new Map(made.map((one) => [one.id, one.state]));
    admit(jobs.filter((job) => states.get(job.id) === "blocked").map(groupOf));
    const ready = new Map<string, number>();
    for (const { id, customerCode, jobType } of jobs) {
      metrics.jobsCreated(customerCode, jobType);
      if (states.get(id) === "ready") ready.set(customerCode, (ready.get(customerCode) ?? 0) + 1);
    }
    tellMade(jobs, made);
    if (ready.size > 0) events.emit("jobsReady", ready);
    events.emit("jobsCreated");
    if (made.some((one) => one.state === "scheduled")) events.emit("jobsScheduled");
  }

  function tellMade(jobs: readonly NewJob[], made: readonly MadeJob[]): void {
    const keys = new Map(made.map((one) => [one.id, one]));
    for (const job of jobs) {
      const key = keys.get(job.id);
      if (key) tellNewJob(changes, job, key);
    }
  }

  async function writeJobs(jobs: readonly NewJob[]): Promise<string[]> {
    const keys = await withJobDays(database, () => insertJobs(database.steady, jobs));
    announce(jobs, keys);
    const made = idsOf(keys);
    return jobs.map((job) => idOf(made, job));
  }

  async function writeKeyedJobs(entries: readonly KeyedJob[]): Promise<(string | Error)[]> {
    const requests = entries.map(({ job, idempotencyKey }) => ({
      customerCode: job.customerCode,
      jobId: job.id,
      ...idempotencyKey,
    }));
    const firsts = new Map<string, (typeof requests)[number]>();
    for (const request of requests) {
      const name = nameOf(request);
      if (!firsts.has(name)) firsts.set(name, request);
    }
    const sorted = [...firsts.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, request]) => request);
    const inserted = await withJobDays(database, () =>
      database.transaction(async (sql) => {
        const taken = new Map((await claimIdempotencyKeys(sql, sorted)).map((key) => [key.id, key.day]));
        const jobs = entries.map((entry) => entry.job).filter((job) => taken.has(job.id));
        const keys = jobs.length > 0 ? await insertJobs(sql, jobs) : [];
        const requestOf = new Map(sorted.map((request) => [request.jobId, request]));
        const moved = keys.flatMap((job) => {
          const request = job.day === taken.get(job.id) ? undefined : requestOf.get(job.id);
          return request ? { customerCode: request.customerCode, key: request.key, job } : [];
        });
        if (moved.length > 0) await moveIdempotencyKeys(sql, moved);
        return keys;
      }),
    );
    const made = idsOf(inserted);
    const jobs = entries.map((entry) => entry.job).filter((job) => made.has(job.id));
    announce(jobs, inserted);
    if (made.size === entries.length) return entries.map(({ job }) => idOf(made, job));
    const kept = await findIdempotencyKeys(database.sql, sorted);
    const answers = new Map(kept.map((answer) => [nameOf(answer), answer]));
    return requests.map((request) => {
      const answer = answers.get(nameOf(request));
      if (!answer) return new Error("an idempotency key vanished");
      if (isSameRequest(answer, request)) return answer.jobId;
      return conflict(
        `Idempotency-Key ${JSON.stringify(request.key)} was used in the last 24 hours for another request; use a new key.`,
      );
    });
  }

  return {
    async create(job, idempotencyKey) {
      try {
        if (!idempotencyKey) return await plain.add(job);
        const answer = await keyed.add({ job, idempotencyKey });
        if (answer instanceof Error) throw answer;
        return answer;
      } catch (error) {
        throw toCallerError(error);
      }
    },
    async drained() {
      await Promise.all([plain.drained(), keyed.drained()]);
    },
  };
}

type MadeJob = Awaited<ReturnType<typeof insertJobs>>[number];

function groupOf({ customerCode, definition, concurrencyKey }: NewJob): AdmissionGroup {
  return { customerCode, definitionId: definition?.id ?? null, concurrencyKey };
}

function idsOf(keys: readonly JobKey[]): Map<string, string> {
  return new Map(keys.map((key) => [key.id, formatJobId(key)]));
}

function nameOf(one: { customerCode: string; key: string }): string {
  return `${one.customerCode} ${one.key}`;
}

function idOf(made: ReadonlyMap<string, string>, job: NewJob): string {
  const id = made.get(job.id);
  if (id === undefined) throw new Error(`job ${job.id} was not written`);
  return id;
}
