/**
 * One expression process, seen from the node.
 *
 * States: starting → ready → busy → ready …; from each → gone. Invariants: one evaluation at a time; one that takes too long, or
 * whose caller gives up, takes the process with it, for nothing else ends a loop.
 */
import type { ChildProcess } from "node:child_process";
import { forkBeside } from "../runtime/fork-beside.ts";
import type { Evaluated, Evaluation } from "./messages.ts";

/** What one process may use. */
export interface ProcessLimits {
  /** Milliseconds that an evaluation may take. */
  readonly timeMs: number;
  /** MiB of heap. */
  readonly memoryMiB: number;
}

/** A process that evaluates. */
export interface EvaluationProcess {
  /** Rejects with the reason of `signal`; everything else is told as a fault. */
  evaluate(evaluation: Evaluation, signal: AbortSignal): Promise<Evaluated>;
  isGone(): boolean;
  kill(): void;
}

/** Milliseconds that a process may take to start on a busy machine. */
const startMs = 20_000;

/** Starts a process; it keeps nobody from ending. */
export function startEvaluationProcess({ timeMs, memoryMiB }: ProcessLimits): EvaluationProcess {
  const child = forkBeside(import.meta.url, "expression-process", {
    flags: [`--max-old-space-size=${memoryMiB}`, "--disallow-code-generation-from-strings"],
  });
  child.unref();
  child.channel?.unref();
  const ready = started(child);
  // Who evaluates hears of it.
  ready.catch(() => undefined);
  let gone = false;
  child.once("exit", () => {
    gone = true;
  });

  function kill(): void {
    gone = true;
    child.kill("SIGKILL");
  }

  async function evaluate(evaluation: Evaluation, signal: AbortSignal): Promise<Evaluated> {
    try {
      await ready;
    } catch (error) {
      kill();
      return { fault: `the process for it could not start: ${error instanceof Error ? error.message : error}` };
    }
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
        child.off("message", answered);
        child.off("exit", ended);
        child.off("error", ended);
      };
      const answered = (evaluated: Evaluated): void => {
        settle();
        resolve(evaluated);
      };
      const ended = (): void => {
        settle();
        kill();
        resolve({ fault: `it needs more memory than ${memoryMiB} MiB` });
      };
      const aborted = (): void => {
        settle();
        kill();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        settle();
        kill();
        resolve({ fault: `it takes longer than ${timeMs / 1000} s` });
      }, timeMs);
      child.once("message", answered);
      child.once("exit", ended);
      child.once("error", ended);
      signal.addEventListener("abort", aborted, { once: true });
      if (signal.aborted) aborted();
      else child.send(evaluation, (error) => error && ended());
    });
  }

  return { evaluate, isGone: () => gone || !child.connected, kill };
}

function started(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`it did not begin within ${startMs / 1000} s`)), startMs);
    timer.unref();
    child.once("message", () => {
      clearTimeout(timer);
      resolve();
    });
    child.once("error", reject);
    child.once("exit", () => reject(new Error("it ended at once")));
  });
}
