/**
 * Writes what the runs of a node tell, in batches that all of them share.
 *
 * States of a report: open → ending → gone. Invariants: one batch is written at a time; a line waits half a second at most
 * while the database answers; a report that ends is written before the end of its job is, for up to 15 s; what cannot be
 * written stays within the node's room, and costs no job its end.
 */
import type { ClaimedJob } from "../domain/claim-jobs.ts";
import type { Context } from "../domain/context.ts";
import { measureLogs } from "../domain/measure-logs.ts";
import { type NewLogLine, type NewProgress, writeReports } from "../domain/write-reports.ts";
import type { JobLog } from "../job-types/contract.ts";
import type { JobProgress } from "../model/job-report.ts";
import { createLineRoom } from "./line-room.ts";
import { createRunReport, type HeldLine, type RunReport } from "./run-report.ts";

/** Lines of one batch. */
const largestBatch = 2_000;
const flushEveryMs = 500;
/** Lines that are not kept waiting for that long. */
const fullBatch = 1_000;
/** The pause after a batch that could not be written. */
const againMs = 250;
/** How long a job's end waits for its log while the database is away. */
const endWithinMs = 15_000;

/** What a run tells while it lasts; taken from memory and written later. */
export interface OpenReport {
  readonly log: JobLog;
  readonly progress: (done: number, total: number, message?: string) => void;
  /** Takes nothing more. Resolves when all has been written, or given up; never rejects. */
  end(): Promise<void>;
}

/** Writes the reports of all runs of this node together. */
export interface ReportWriter {
  /** @param mask hides secrets, which the run may be given later */
  open(job: ClaimedJob, mask: (text: string) => string): OpenReport;
  /** Writes what is held, once: for claims that are about to be given back. Never rejects. */
  flush(): Promise<void>;
  /** Stops writing by itself. */
  stop(): void;
}

interface Entry {
  readonly job: ClaimedJob;
  readonly report: RunReport;
  /** What earlier runs have logged: a first run has none before it. */
  earlier: "known" | "unknown";
  ended: (() => void) | undefined;
}

/** Makes the writer of this node's reports. */
export function createReportWriter({ database, changes, clock, log }: Context): ReportWriter {
  /** Those that hold something. */
  const waiting = new Set<Entry>();
  const room = createLineRoom();
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  let flushing: Promise<void> | undefined;
  let state: "writing" | "pausing" | "stopped" = "writing";

  /** @param when `soon` where somebody waits for it */
  function plan(when: "soon" | "later"): void {
    if (state === "stopped" || flushing || immediate) return;
    if (when === "soon" && state === "writing") {
      clearTimeout(timer);
      timer = undefined;
      // One turn of the event loop: jobs that end together are written together.
      immediate = setImmediate(() => {
        immediate = undefined;
        start();
      });
      return;
    }
    timer ??= setTimeout(
      () => {
        timer = undefined;
        start();
      },
      state === "pausing" ? againMs : flushEveryMs,
    );
  }

  function start(): Promise<void> {
    flushing ??= write()
      .then(
        () => {
          if (state === "pausing") state = "writing";
        },
        (error: unknown) => {
          if (state === "writing") state = "pausing";
          log.debug({ err: error }, "logs of jobs could not be written yet");
        },
      )
      .finally(() => {
        flushing = undefined;
        const isUrgent = room.lines() >= fullBatch || [...waiting].some((entry) => entry.ended);
        if (waiting.size > 0) plan(isUrgent ? "soon" : "later");
      });
    return flushing;
  }

  async function write(): Promise<void> {
    await measureEarlier();
    const taken = take();
    const lines = taken.flatMap(({ entry, lines }) => lines.map((line) => toNewLine(entry.job, line)));
    const progress = taken.flatMap(({ entry }) => toNewProgress(entry));
    const isWritten = await writeReports(database, { lines, progress });
    if (isWritten === "refused") log.warn({ lines: lines.length }, "PostgreSQL refused lines of jobs' logs");
    const written = new Map(progress.map((one) => [`${one.id} ${one.claim}`, one.progress]));
    if (isWritten === "written")
      for (const { entry, lines: told } of taken) tellReport(entry, told, written.get(nameOf(entry)));
    for (const { entry, lines: gone } of taken) {
      entry.report.forgetLines(gone.length);
      const told = written.get(nameOf(entry));
      if (told) entry.report.forgetProgress(told);
      if (entry.report.isEmpty()) settle(entry);
    }
  }

  async function measureEarlier(): Promise<void> {
    const unknown = [...waiting].filter((entry) => entry.earlier === "unknown");
    if (unknown.length === 0) return;
    const sizes = new Map(
      (
        await measureLogs(
          database,
          unknown.map(({ job }) => job),
        )
      ).map((size) => [size.id, size]),
    );
    for (const entry of unknown) {
      const { lines = 0, bytes = 0 } = sizes.get(entry.job.id) ?? {};
      entry.earlier = "known";
      entry.report.measured(lines, bytes);
    }
  }

  /** Takes a batch, and moves those of which not all was taken to the end of the queue. */
  function take(): { entry: Entry; lines: readonly HeldLine[] }[] {
    const taken: { entry: Entry; lines: readonly HeldLine[] }[] = [];
    let left = largestBatch;
    for (const entry of [...waiting]) {
      if (left <= 0) break;
      if (entry.ended) entry.report.seal();
      const lines = entry.report.lines(left);
      left -= Math.max(lines.length, 1);
      taken.push({ entry, lines });
      waiting.delete(entry);
      waiting.add(entry);
    }
    return taken;
  }

  /** What live readers see of it: all that has been written. */
  function tellReport({ job }: Entry, lines: readonly HeldLine[], progress: JobProgress | undefined): void {
    const { customerCode, jobId, jobDefinitionCode } = job;
    if (!changes.isRead(customerCode)) return;
    for (const { bytes: _, ...line } of lines) {
      changes.tell({ customerCode, kind: "log", data: { jobId, jobDefinitionCode, ...line } });
    }
    if (progress) changes.tell({ customerCode, kind: "progress", data: { jobId, jobDefinitionCode, ...progress } });
  }

  function settle(entry: Entry): void {
    waiting.delete(entry);
    entry.ended?.();
  }

  function giveUp(entry: Entry): void {
    entry.report.forgetLines(Number.POSITIVE_INFINITY);
    settle(entry);
    log.warn({ jobId: entry.job.jobId }, "the last lines of a job's log could not be written");
  }

  function makeEntry(job: ClaimedJob, mask: (text: string) => string): Entry {
    const changed = (): void => {
      waiting.add(entry);
      plan(room.lines() >= fullBatch ? "soon" : "later");
    };
    const entry: Entry = {
      job,
      report: createRunReport({ run: job.run, room: room.of(job.customerCode), now: clock.now, mask, changed }),
      earlier: job.run === 1 ? "known" : "unknown",
      ended: undefined,
    };
    return entry;
  }

  return {
    open(job, mask) {
      // Made when the run first tells something: many tell nothing.
      let made: Entry | undefined;
      let isOver = false;
      function entryOf(): Entry {
        made ??= makeEntry(job, mask);
        if (isOver) made.report.close();
        return made;
      }
      return {
        get log() {
          return entryOf().report.log;
        },
        get progress() {
          return entryOf().report.progress;
        },
        async end() {
          isOver = true;
          const entry = made;
          if (!entry) return;
          entry.report.close();
          if (entry.report.isEmpty()) return;
          waiting.add(entry);
          await new Promise<void>((resolve) => {
            const patience = setTimeout(() => giveUp(entry), endWithinMs);
            entry.ended = () => {
              clearTimeout(patience);
              resolve();
            };
            plan("soon");
          });
        },
      };
    },
    async flush() {
      await flushing;
      while (waiting.size > 0) {
        const before = room.lines();
        await start();
        if (state === "pausing" || room.lines() >= before) return;
      }
    },
    stop() {
      state = "stopped";
      clearTimeout(timer);
      clearImmediate(immediate);
      for (const entry of [...waiting]) settle(entry);
    },
  };
}

function nameOf({ job }: Entry): string {
  return `${job.id} ${job.claim}`;
}

function toNewLine({ day, id, claim }: ClaimedJob, { bytes: _, ...line }: HeldLine): NewLogLine {
  return { day, id, claim, ...line };
}

function toNewProgress({ job, report }: Entry): NewProgress[] {
  const progress = report.newProgress();
  return progress ? [{ id: job.id, claim: job.claim, progress }] : [];
}
