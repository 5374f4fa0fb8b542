/**
 * The worker: takes ready jobs while it has free slots, runs them, and writes what came of them.
 *
 * States of a job here: claimed → running → written, or → abandoned → handed back. Invariants: a slot is held from the
 * claim until the outcome is written or the job is abandoned; an abandoned job's outcome is never written, because others
 * may run it; whatever is abandoned is handed back as soon as the database answers; after `drain` nothing is claimed.
 */
import { type ClaimedJob, claimJobs } from "../domain/claim-jobs.ts";
import type { Context } from "../domain/context.ts";
import { createJobFinisher, type FinishOutcome } from "../domain/finish-jobs.ts";
import { forgetNode, handBackClaims } from "../domain/release-claims.ts";
import type { JobFailure } from "../model/job.ts";
import { retryDelayMs } from "../model/retry.ts";
import { storableJson } from "../model/storable-json.ts";
import { type Service, service } from "../runtime/service.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { type AttemptOutcome, type AttemptTools, runAttempt } from "./run-attempt.ts";

/** Jobs taken by one statement at most. */
const largestClaim = 200;
/** How often an idle node looks although nobody has told it of ready jobs. */
const lookEveryMs = 1_000;

export interface Worker {
  readonly claims: Service;
  /** Slots that are taken. */
  running(): number;
  /** Stops claiming, lets running jobs end for `graceMs`, then hands the rest back. */
  drain(graceMs: number): Promise<void>;
}

interface Run {
  readonly job: ClaimedJob;
  readonly abort: AbortController;
}

/** Makes the worker of this node. */
export function createWorker(context: Context, tools: AttemptTools, heartbeat: Heartbeat, slots: number): Worker {
  const runs = new Map<string, Run>();
  const abandoned = new WeakSet<Run>();
  const toHandBack = new Set<string>();
  const finisher = createJobFinisher(context.database);
  let draining = false;
  let lastCustomer = "";
  let mayBeMore = false;
  let idle: (() => void) | undefined;

  const claims = service("claim-jobs", { everyMs: lookEveryMs }, context.log, async () => {
    const limit = Math.min(slots - runs.size, largestClaim);
    if (draining || limit <= 0) return;
    const jobs = await claimJobs(context, limit, lastCustomer);
    mayBeMore = jobs.length > 0;
    lastCustomer = jobs.at(-1)?.customerCode ?? lastCustomer;
    for (const job of jobs) start(job);
    if (mayBeMore && runs.size < slots) claims.wake();
  });

  function start(job: ClaimedJob): void {
    const run: Run = { job, abort: new AbortController() };
    runs.set(job.id, run);
    execute(run)
      .catch((error: unknown) => {
        context.log.error({ err: error, jobId: job.jobId }, "the outcome of a job could not be written; it runs again");
        toHandBack.add(job.id);
      })
      .finally(() => {
        runs.delete(job.id);
        if (mayBeMore) claims.wake();
        if (runs.size === 0) idle?.();
      });
  }

  async function execute(run: Run): Promise<void> {
    const outcome = await runAttempt(run.job, tools, run.abort);
    if (abandoned.has(run)) return;
    const written = await write(run.job, outcome);
    if (written === "written") {
      context.metrics.jobFinished(run.job.customerCode, run.job.jobType, outcome.status);
    } else {
      context.log.warn({ jobId: run.job.jobId }, "a job had been taken from this node; its outcome was dropped");
    }
  }

  function write(job: ClaimedJob, outcome: AttemptOutcome): Promise<FinishOutcome> {
    const { id, claim, customerCode, day } = job;
    if (outcome.status === "COMPLETED") {
      return finisher.finish({
        customerCode,
        day,
        id,
        claim,
        status: "COMPLETED",
        result: outcome.result,
        error: null,
      });
    }
    const { failure } = outcome;
    const { retry } = job.options;
    if (failure.retryable && job.attempt < retry.maxAttempts) {
      const delayMs = retryDelayMs(retry, job.attempt, Math.random(), outcome.retryAfterSeconds);
      return finisher.retry({ id, claim, error: toText(failure), delayMs });
    }
    return finisher.finish({ customerCode, day, id, claim, status: "FAILED", result: null, error: toText(failure) });
  }

  function abandonAll(reason: string): void {
    for (const [id, run] of runs) {
      if (abandoned.has(run)) continue;
      abandoned.add(run);
      toHandBack.add(id);
      run.abort.abort(new Error(reason));
    }
  }

  async function handBack(): Promise<void> {
    if (toHandBack.size === 0) return;
    const ids = [...toHandBack];
    const released = await handBackClaims(context, ids);
    for (const id of ids) toHandBack.delete(id);
    if (released.length > 0) context.log.info({ jobs: released.length }, "handed jobs back to the queue");
    context.events.emit("jobsReady");
  }

  heartbeat.listen({
    leaseEnded() {
      if (runs.size > 0) context.log.warn({ jobs: runs.size }, "the database is silent; running jobs are given up");
      abandonAll("the node cannot reach the database and gives up its jobs");
    },
    beaten() {
      handBack().catch((error: unknown) => context.log.warn({ err: error }, "jobs could not be handed back yet"));
    },
  });
  context.events.on("jobsReady", () => claims.wake());

  return {
    claims,
    running: () => runs.size,
    async drain(graceMs) {
      draining = true;
      await claims.stop();
      if (runs.size > 0) {
        const ended = new Promise<void>((resolve) => {
          idle = resolve;
        });
        const timer = setTimeout(() => idle?.(), graceMs);
        await ended;
        clearTimeout(timer);
      }
      abandonAll("the node stops and hands the job back");
      await handBack();
      await forgetNode(context);
    },
  };
}

function toText(failure: JobFailure): string {
  return storableJson(failure);
}
