/**
 * What one run tells: lines that are still to be written, and how far it has come.
 *
 * States: open → ending (takes nothing more; what it holds is written). Invariants: a job keeps 10,000 lines and 1 MiB over
 * all its runs; what is dropped costs nothing but a count, and one last line says how much it was.
 */
import type { JobLog } from "../job-types/contract.ts";
import type { JobLogLine, JobProgress, LogLevel } from "../model/job-report.ts";
import { storableText } from "../model/storable-json.ts";

/** What a job may log over all its runs. */
export const mostLines = 10_000;

/** What a job may log over all its runs, in bytes of UTF-8. */
export const mostBytes = 1024 * 1024;
/** Characters of a line, and of the message of a progress, that are kept. */
const longestMessage = 8_192;
const longestProgressMessage = 1_000;
/** Characters behind the cut that are looked through for secrets. */
const cutRoom = 1_024;
/** Numbers that a run has for its lines: more than it may write. */
const linesOfRun = 65_536;

/** Room for lines that wait to be written: one customer's part of what all runs of the node share. */
export interface Room {
  isFull(): boolean;
  /** Counts a line in, whether there is room or not. */
  take(bytes: number): void;
  /** Counts lines out. */
  free(lines: number, bytes: number): void;
}

/** A line that is still to be written, with what it takes of the room. */
export type HeldLine = JobLogLine & { readonly bytes: number };

/** What one run has told: the run fills it, the node's writer empties it. */
export interface RunReport {
  readonly log: JobLog;
  readonly progress: (done: number, total: number, message?: string) => void;
  /** Takes nothing more. */
  close(): void;
  /** Adds the line that says what was dropped; once the report is closed and what earlier runs logged is known. */
  seal(): void;
  /** What earlier runs of the job have logged; what this run holds beyond the job's bounds is dropped. */
  measured(lines: number, bytes: number): void;
  /** The oldest lines that are still to be written. */
  lines(limit: number): readonly HeldLine[];
  /** Forgets the oldest lines, which have been written or never will be. */
  forgetLines(count: number): void;
  /** How far the run has come, where that is still to be written. */
  newProgress(): JobProgress | undefined;
  forgetProgress(written: JobProgress): void;
  /** Whether nothing is left to be written. */
  isEmpty(): boolean;
}

/** What a report needs of its run and its node. */
export interface RunReportOptions {
  /** From 1, over all runs. */
  readonly run: number;
  readonly room: Room;
  /** Now, in milliseconds. */
  now(): number;
  /** Hides secrets; asked for every text anew. */
  mask(text: string): string;
  /** Hears that there is something to write. */
  changed(): void;
}

/** Opens the report of a run. */
export function createRunReport({ run, room, now, mask, changed }: RunReportOptions): RunReport {
  let state: "open" | "ending" = "open";
  let held: HeldLine[] = [];
  let seq = (run - 1) * linesOfRun;
  let spentLines = 0;
  let spentBytes = 0;
  let dropped = 0;
  let progress: JobProgress | undefined;

  function write(level: LogLevel, message: string): void {
    if (state !== "open") return;
    // Before anything is made of the message: a run may go on like this a million times a second.
    if (spentLines >= mostLines || spentBytes >= mostBytes || room.isFull()) {
      dropped += 1;
      return;
    }
    const kept = storableMessage(message, longestMessage, mask);
    const bytes = Buffer.byteLength(kept);
    if (spentBytes + bytes > mostBytes) {
      dropped += 1;
      return;
    }
    spentLines += 1;
    spentBytes += bytes;
    hold(level, kept, bytes);
  }

  function hold(level: LogLevel, message: string, bytes: number): void {
    seq += 1;
    room.take(bytes);
    held.push({ seq, at: new Date(now()), run, level, message, bytes });
    changed();
  }

  function forgetLines(count: number): void {
    const gone = held.slice(0, count);
    held = held.slice(count);
    freeRoom(gone);
  }

  function freeRoom(lines: readonly HeldLine[]): void {
    room.free(
      lines.length,
      lines.reduce((sum, line) => sum + line.bytes, 0),
    );
  }

  return {
    log: {
      debug: (message) => write("debug", message),
      info: (message) => write("info", message),
      warn: (message) => write("warn", message),
      error: (message) => write("error", message),
    },
    progress(done, total, message) {
      if (state !== "open") return;
      if (!isCount(done) || !isCount(total)) {
        write("warn", `progress(${String(done)}, ${String(total)}) was ignored: give two finite numbers from 0.`);
        return;
      }
      const text = message ? storableMessage(message, longestProgressMessage, mask) : null;
      progress = { done, total, message: text, at: new Date(now()) };
      changed();
    },
    close() {
      state = "ending";
    },
    seal() {
      if (dropped === 0) return;
      const text = `${dropped} more lines were dropped: a job keeps ${mostLines} lines and ${mostBytes} bytes of them, and a node does not hold many while it cannot write them.`;
      dropped = 0;
      hold("warn", text, 0);
    },
    measured(lines, bytes) {
      spentLines += lines;
      spentBytes += bytes;
      while (spentLines > mostLines || spentBytes > mostBytes) {
        const last = held.pop();
        if (!last) return;
        freeRoom([last]);
        spentLines -= 1;
        spentBytes -= last.bytes;
        dropped += 1;
      }
    },
    lines: (limit) => held.slice(0, limit),
    forgetLines,
    newProgress: () => progress,
    forgetProgress(written) {
      if (progress === written) progress = undefined;
    },
    isEmpty: () => held.length === 0 && progress === undefined && (state === "open" || dropped === 0),
  };
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

/** Code in JavaScript may give anything. A cut text is copied, because a part of a string keeps the whole alive. */
function storableMessage(message: unknown, longest: number, mask: (text: string) => string): string {
  const text = typeof message === "string" ? message : describe(message);
  // Not all of it, which may be long, and more than is kept, so that nothing of a value stands where it is cut.
  const masked = mask(text.slice(0, longest + cutRoom));
  if (text.length <= longest) return storableText(masked);
  return `${storableText(Buffer.from(masked.slice(0, longest)).toString())}… (${text.length} characters)`;
}

function describe(message: unknown): string {
  try {
    return String(message);
  } catch {
    return "(a message that cannot be written as text)";
  }
}
