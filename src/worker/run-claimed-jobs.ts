/**
 * The worker: takes ready jobs while it has free slots, runs them, and writes what came of them.
 *
 * States of a job here: (ahead →) running → writing → gone, or running → abandoned → gone. Invariants: a slot is held from the run's begin until
 * the job's code has ended, by a failure or an outcome of more than 64 KiB until that is written; a job that was claimed ahead begins as soon as its
 * customer may have a slot, and is given back untouched if that is not within a quarter of a second; at most two outcomes a slot are unwritten, or
 * nothing more is claimed; an abandoned job's outcome is never written, because others may run it; whatever is abandoned, or could not be written, is handed back as soon as the database answers, under the
 * claim that it had here and no later one; a claim of this node that no run here knows of is given back; after `drain`
 * nothing is claimed.
 */
import { setTimeout as delay } from "node:timers/promises";
import { type ClaimedJob, claimJobs } from "../domain/claim-jobs.ts";
import type { Context } from "../domain/context.ts";
import { createJobFinisher } from "../domain/finish-jobs.ts";
import { giveBackForgottenClaims } from "../domain/give-back-forgotten-claims.ts";
import { giveBackUnstarted } from "../domain/give-back-unstarted.ts";
import { type HeldClaim, handBackClaims } from "../domain/hand-back-claims.ts";
import { hearCancels } from "../domain/hear-cancels.ts";
import { tellJob } from "../domain/tell-changes.ts";
import { JobError } from "../model/job-errors.ts";
import { type Service, service } from "../runtime/service.ts";
import { type ClaimAhead, createClaimAhead } from "./claim-ahead.ts";
import type { Heartbeat } from "./heartbeat.ts";
import { createJobsAhead } from "./jobs-ahead.ts";
import { createReadyJobs } from "./ready-jobs.ts";
import { createRunAbort, type RunAbort } from "./run-abort.ts";
import { type AttemptTools, runAttempt } from "./run-attempt.ts";
import type { AttemptOutcome } from "./run-outcome.ts";
import { createRunSecrets, type RunSecrets } from "./run-secrets.ts";
import { createSlotBook } from "./slots.ts";
import { createOutcomeWriter } from "./write-outcome.ts";
import { createReportWriter, type OpenReport } from "./write-reports.ts";

/** Jobs taken by one statement at most. */
const largestClaim = 200;
/** Jobs a slot whose outcomes are unwritten: more would be memory that nothing bounds while the database is away. */
const unwrittenPerSlot = 2;
/** Characters of an outcome that is kept beside its slot; a larger one keeps the slot. */
const largestBeside = 64 * 1024;
/** How often an idle node looks although nobody has told it of ready jobs. */
const lookEveryMs = 1_000;
/** How long a node that stops waits, past the grace of its jobs, for outcomes that are being written. */
const writingGraceMs = 5_000;

/** Runs claimed jobs on this node until it is drained. */
export interface Worker {
  readonly claims: Service;
  /** Jobs that are held: those that run, those whose outcomes are being written, and those that wait for a slot. */
  running(): number;
  /** Slots that are taken. */
  slotsTaken(): number;
  /** Stops claiming, lets running jobs end for `graceMs`, then hands the rest back. */
  drain(graceMs: number): Promise<void>;
}

interface Run {
  readonly job: ClaimedJob;
  readonly abort: RunAbort;
  readonly report: OpenReport;
  readonly secrets: RunSecrets;
  readonly claimedAt: number;
  state: "ahead" | "running" | "writing" | "abandoned";
  slot: "taken" | "free";
}

/** Makes the worker of this node. */
export function createWorker(
  context: Context,
  tools: AttemptTools,
  heartbeat: Heartbeat,
  slotsOfNode: number,
  claimAhead: ClaimAhead = createClaimAhead(),
): Worker {
  /** By job and claim: an abandoned run that ignores its signal may share the job with a later one. */
  const runs = new Map<string, Run>();
  const toHandBack = new Map<string, HeldClaim>();
  const watchers = new Set<() => void>();
  const write = createOutcomeWriter(createJobFinisher(context), context.clock.now);
  const reports = createReportWriter(context);
  const ready = createReadyJobs();
  const slots = createSlotBook(slotsOfNode);
  const ahead = createJobsAhead<Run>(slots, { begin, giveBack: giveBackAhead });
  let mostAhead = 0;
  let state: "claiming" | "draining" = "claiming";
  let lastCustomer = "";

  const claims = service("claim-jobs", { everyMs: lookEveryMs }, context.log, async () => {
    const most = claimAhead.most();
    mostAhead = [...most.values()].reduce((sum, jobs) => sum + jobs, 0);
    const limit = room(mostAhead);
    if (limit <= 0) ready.leave();
    if (state === "draining" || limit <= 0) return;
    const known = ready.guess(limit);
    const request = { all: slots.all, running: countByCustomer(), ahead: most, limit, startAfter: lastCustomer, known };
    const begun = performance.now();
    const claim = await claimJobs(context, request).catch((error: unknown) => {
      ready.heard(undefined);
      throw error;
    });
    claimAhead.claimed(performance.now() - begun);
    if (known) ready.taken(claim.jobs.length);
    else ready.looked(claim.waiting);
    lastCustomer = claim.lastCustomer ?? lastCustomer;
    slots.heard(claim.waiting.alone);
    // Without any to be claimed ahead, all have slots.
    for (const job of claim.jobs) {
      if (most.size === 0) begin(take(job));
      else ahead.wait(take(job));
    }
    beginAhead();
    if (claim.jobs.length > 0) claimMore();
  });

  /** Jobs that may be claimed. @param mostAhead before there are slots for them */
  function room(mostAhead: number): number {
    const unwritten = runs.size - slots.taken() - ahead.size();
    const places = slots.all + mostAhead - slots.taken() - ahead.size();
    return Math.min(places, slots.all * unwrittenPerSlot - unwritten, largestClaim);
  }

  function freeSlot(run: Run): void {
    if (run.slot === "free") return;
    run.slot = "free";
    slots.leave(run.job.customerCode);
    claimAhead.left(run.job.customerCode);
  }

  /** A slot has been left, or more ends may be held. */
  function goOn(): void {
    beginAhead();
    claimMore();
  }

  function beginAhead(): void {
    if (state === "claiming") ahead.begin();
  }

  function claimMore(): void {
    const wantsMore = slots.taken() < slots.all || ahead.size() * 2 <= mostAhead;
    if (wantsMore && ready.mayBeMore()) claims.wake();
  }

  function countByCustomer(): Map<string, number> {
    const counts = new Map(slots.held());
    ahead.addTo(counts);
    return counts;
  }

  function giveBackAhead(waiting: readonly Run[]): Promise<void> {
    claimAhead.inVain();
    for (const { job } of waiting) runs.delete(nameOf(job));
    const claims = waiting.map(({ job: { id, claim } }) => ({ id, claim }));
    return giveBackUnstarted(context, claims).then(
      () => undefined,
      // A claim that no run here knows of is given back after one of the next beats.
      (error: unknown) => context.log.debug({ err: error }, "jobs that were claimed ahead could not be given back yet"),
    );
  }

  function take(job: ClaimedJob): Run {
    const secrets = createRunSecrets();
    const report = reports.open(job, secrets.mask.text);
    const claimedAt = performance.now();
    const run: Run = { job, abort: createRunAbort(), report, secrets, claimedAt, state: "ahead", slot: "free" };
    runs.set(nameOf(job), run);
    return run;
  }

  function begin(run: Run): void {
    const { job } = run;
    run.state = "running";
    run.slot = "taken";
    slots.take(job.customerCode);
    execute(run)
      .catch((error: unknown) => {
        context.log.error({ err: error, jobId: job.jobId }, "the outcome of a job could not be written; it runs again");
        toHandBack.set(nameOf(job), job);
      })
      .finally(() => {
        runs.delete(nameOf(job));
        freeSlot(run);
        goOn();
        for (const watch of watchers) watch();
      });
  }

  async function execute(run: Run): Promise<void> {
    const { job } = run;
    const began = performance.now();
    const aheadMs = Math.round(began - run.claimedAt);
    // A later run may have waited for a time or for children as well, which is no fault of the queue.
    tellJob(context.changes, job, "STARTED", "RUNNING");
    context.metrics.jobClaimed(job.customerCode, job.jobType, job.run === 1 ? job.queueMs + aheadMs : null);
    const outcome = await runAttempt(job, tools, run.abort, run.report, run.secrets);
    const ranAs = run.state === "abandoned" ? "HANDED_BACK" : outcome.status;
    context.metrics.runEnded(job.customerCode, job.jobType, ranAs, performance.now() - began);
    if (run.state === "abandoned") return;
    run.state = "writing";
    if (lengthOf(outcome) <= largestBeside) {
      freeSlot(run);
      goOn();
    }
    // First, so that whoever sees the job ended sees all that it told.
    await run.report.end();
    const written = await write(job, outcome, aheadMs);
    if (written === "claimLost") {
      context.log.warn({ jobId: job.jobId }, "a job had been taken from this node; its outcome was dropped");
      return;
    }
    if (written === "again") tellThatItRunsAgain(job, outcome);
  }

  function tellThatItRunsAgain(job: ClaimedJob, outcome: AttemptOutcome): void {
    tellJob(context.changes, job, "STARTED", outcome.status === "SUSPENDED" ? "WAITING" : "RETRYING");
    context.events.emit("jobsScheduled");
    // The children may have ended meanwhile.
    if (outcome.status === "SUSPENDED" && "awaits" in outcome.wait) void context.parents.look(job.id);
  }

  function abandonAll(reason: string): void {
    void ahead.giveBack();
    for (const [name, run] of runs) {
      if (run.state !== "running") continue;
      run.state = "abandoned";
      toHandBack.set(name, run.job);
      void run.report.end();
      run.abort.abort(new Error(reason));
    }
  }

  async function handBack(): Promise<void> {
    if (toHandBack.size === 0) return;
    const held = [...toHandBack];
    // What the runs told counts only while their claims do.
    await reports.flush();
    const released = await handBackClaims(
      context,
      held.map(([, job]) => ({ id: job.id, claim: job.claim })),
    );
    for (const [name] of held) toHandBack.delete(name);
    if (released.length === 0) return;
    context.log.info({ jobs: released.length }, "handed jobs back to the queue");
  }

  async function giveBackForgotten(): Promise<void> {
    const isRunning = (held: HeldClaim) => runs.has(nameOf(held)) || toHandBack.has(nameOf(held));
    for (const { jobId } of await giveBackForgottenClaims(context, isRunning)) {
      context.log.warn({ jobId }, "gave back a job whose claim had got no answer");
    }
  }

  /** Resolves when no run is in one of the states, or when the time is over. */
  async function untilNone(states: readonly Run["state"][], withinMs: number): Promise<void> {
    const over = new AbortController();
    const none = new Promise<void>((resolve) => {
      const watch = () => {
        if ([...runs.values()].some((run) => states.includes(run.state))) return;
        watchers.delete(watch);
        resolve();
      };
      watchers.add(watch);
      watch();
    });
    await Promise.race([none, delay(withinMs, undefined, { signal: over.signal }).catch(() => undefined)]);
    over.abort();
  }

  heartbeat.listen({
    leaseEnded() {
      if (runs.size > 0) context.log.warn({ jobs: runs.size }, "the database is silent; running jobs are given up");
      abandonAll("the node cannot reach the database and gives up its jobs");
    },
    beaten() {
      handBack()
        .then(giveBackForgotten)
        .then(() => hearCancels(context))
        .catch((error: unknown) => context.log.warn({ err: error }, "jobs could not be handed back yet"));
    },
  });
  context.events.on("jobsReady", (made) => {
    ready.heard(made);
    claims.wake();
  });
  context.events.on("jobCancelled", (id) => {
    for (const { job, abort } of runs.values()) {
      if (job.id === id) abort.abort(new JobError("CANCELLED", "The job was cancelled."));
    }
  });

  return {
    claims,
    running: () => runs.size,
    slotsTaken: slots.taken,
    async drain(graceMs) {
      state = "draining";
      await claims.stop();
      const givenBack = ahead.giveBack();
      await untilNone(["running", "writing"], graceMs);
      abandonAll("the node stops and hands the job back");
      await handBack().catch((error: unknown) => {
        context.log.warn(
          { err: error },
          "jobs could not be handed back; other nodes take them once this one is silent",
        );
      });
      await Promise.all([givenBack, untilNone(["writing"], writingGraceMs)]);
      reports.stop();
    },
  };
}

function nameOf({ id, claim }: HeldClaim): string {
  return `${id} ${claim}`;
}

/** Characters that an outcome holds until it is written, about. */
function lengthOf(outcome: AttemptOutcome): number {
  if (outcome.status === "COMPLETED") return outcome.result.length;
  if (outcome.status === "FAILED") return Number.POSITIVE_INFINITY;
  return "state" in outcome.wait ? outcome.wait.state.length : 0;
}
