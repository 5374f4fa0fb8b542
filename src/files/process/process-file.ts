/**
 * Work on one file in a process of its own, seen from the node: parsing, customers' schemas and expressions never reach the event loop,
 * and what grows without bound ends that process alone.
 *
 * States: waiting (for a place) → starting → working → gone. Invariants: a node has few such processes, and one customer never all of
 * them; one that comes no further for a minute, although what it makes is taken, is stuck in a record, and is killed. Only what the file and the
 * params bring about is told as their fault; what befalls the process from outside is thrown.
 */
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { FileTask, FileWork, FileWorkOutcome, SampledRecord } from "../../model/file-work.ts";
import { forkBeside } from "../../runtime/fork-beside.ts";
import type { FileWord } from "./messages.ts";

/** What a process may use. */
export interface ProcessLimits {
  /** MiB of heap. */
  readonly memoryMiB: number;
  /** How long it may work on one record. */
  readonly silenceMs: number;
  /** How long it may work at all. */
  readonly totalMs?: number;
}

/** How often it is looked, within the silence that is borne, whether the process waits for us. */
const looksInSilence = 20;

/** How long a process may take to start on a busy machine. */
const startMs = 30_000;

/**
 * Works on a file to its end.
 *
 * @throws the reason of `signal`, what `target` and `errors` reject with, and Error where the process did not start or was ended from outside
 */
export async function processFile(task: FileTask, work: FileWork, limits: ProcessLimits): Promise<FileWorkOutcome> {
  work.signal.throwIfAborted();
  const child = forkBeside(import.meta.url, "file-process", {
    flags: [`--max-old-space-size=${limits.memoryMiB}`],
    stdio: [work.source, "pipe", "ignore", "ipc", "pipe"],
  });
  const kill = (): void => void child.kill("SIGKILL");
  work.signal.addEventListener("abort", kill, { once: true });
  try {
    const taken = Promise.all([takeFrom(child, 1, work.target), takeFrom(child, 4, work.errors)]);
    let untaken = false;
    taken.catch(() => {
      untaken = true;
      kill();
    });
    const said = lastWord(child, task, work, limits);
    await Promise.allSettled([said]);
    work.signal.throwIfAborted();
    // What could not be taken is why the work broke, whatever became of the process and its pipe.
    if (untaken) await taken;
    const outcome = await said;
    await taken;
    return outcome;
  } finally {
    work.signal.removeEventListener("abort", kill);
    kill();
  }
}

async function takeFrom(
  child: ChildProcess,
  descriptor: Pipe,
  take: (content: Readable) => Promise<unknown>,
): Promise<unknown> {
  return take(pipeOf(child, descriptor));
}

type Pipe = 1 | 4;

function pipeOf(child: ChildProcess, descriptor: Pipe): Readable {
  const stream = child.stdio[descriptor];
  if (!stream || !("read" in stream)) throw new Error("a file process has no pipe");
  return stream;
}

/** Whether what the process has made lies here and is not taken: then it may be waiting for us. */
function isWaitedFor(child: ChildProcess): boolean {
  return pipeOf(child, 1).readableLength > 0 || pipeOf(child, 4).readableLength > 0;
}

/** V8 aborts when its heap is full: by SIGABRT, on some systems by a trap, and told by a shell as 128 more. */
function isOutOfMemory(code: number | null, signal: NodeJS.Signals | null): boolean {
  return signal === "SIGABRT" || signal === "SIGTRAP" || code === 134;
}

function lastWord(
  child: ChildProcess,
  task: FileTask,
  work: FileWork,
  limits: ProcessLimits,
): Promise<FileWorkOutcome> {
  return new Promise((resolve, reject) => {
    let records = 0;
    let bytes = 0;
    const sample: SampledRecord[] = [];
    let silence: NodeJS.Timeout | undefined;
    let total: NodeJS.Timeout | undefined;
    let looks = 0;
    const watch = (): void => {
      looks = 0;
      clearInterval(silence);
      silence = setInterval(() => {
        looks = isWaitedFor(child) ? 0 : looks + 1;
        if (looks < looksInSilence) return;
        end(
          `it takes longer than ${limits.silenceMs / 1000} s behind record ${records}: an expression or a pattern does not end`,
        );
      }, limits.silenceMs / looksInSilence);
    };
    let isReady = false;
    const begin = (): void => {
      isReady = true;
      clearTimeout(starting);
      watch();
      const { totalMs } = limits;
      if (totalMs !== undefined) total = setTimeout(() => end(`it takes longer than ${totalMs / 1000} s`), totalMs);
      child.send(task);
    };
    const end = (reason: string): void => {
      const about = task.sample === null ? "file" : "sample";
      const message = `The work on the file was ended: ${reason}.`;
      settle({ kind: "fault", about, message, line: null, path: null, sample });
    };
    const stopWatching = (): void => {
      clearTimeout(starting);
      clearInterval(silence);
      clearTimeout(total);
    };
    const settle = (outcome: FileWorkOutcome): void => {
      stopWatching();
      child.removeAllListeners("message");
      if (outcome.kind === "fault") child.kill("SIGKILL");
      resolve(outcome);
    };
    child.on("message", (word: FileWord) => {
      if (word.kind === "ready") begin();
      else if (word.kind === "sampled") {
        records = word.record.number;
        sample.push(word.record);
        watch();
      } else if (word.kind === "progress") {
        if (word.counts.read > records || word.bytes > bytes) watch();
        records = word.counts.read;
        bytes = word.bytes;
        work.progress(word.bytes, word.counts);
      } else settle({ ...word, sample });
    });
    // It could not be started, not be told, or not be left to end: no fault of the file's.
    const refuse = (error: Error): void => {
      stopWatching();
      reject(error);
    };
    child.once("error", refuse);
    child.once("exit", (code, signal) => {
      const judge = (): void => {
        if (!isReady) refuse(new Error("A process for the file ended before it had begun."));
        else if (isOutOfMemory(code, signal))
          end(`it needs more memory than ${limits.memoryMiB} MiB, behind record ${records}`);
        else {
          const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
          refuse(new Error(`The process for the file was ended ${how} from outside, behind record ${records}.`));
        }
      };
      // Its last word may still be on its way.
      if (child.connected) child.once("disconnect", judge);
      else judge();
    });
    const starting = setTimeout(() => {
      refuse(new Error(`A process for the file did not start within ${startMs / 1000} s.`));
    }, startMs);
  });
}
