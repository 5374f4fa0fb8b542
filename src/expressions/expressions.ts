/**
 * Customers' JSONata expressions, evaluated where they can harm nothing: in processes of their own, with bounds on time, memory
 * and the size of the result. A thread would not do: one that runs out of memory in one large allocation ends the whole process.
 *
 * Invariants: customers take turns; none holds the last process; nothing that an expression does reaches the event loop.
 */
import { JobError } from "../model/job-errors.ts";
import { createTurns } from "../runtime/turns.ts";
import { type EvaluationProcess, type ProcessLimits, startEvaluationProcess } from "./evaluation-process.ts";
import type { Evaluated, Evaluation } from "./messages.ts";

/** What expressions may use of a node. */
export interface ExpressionLimits extends ProcessLimits {
  /** Expressions evaluated at once; of one customer, one fewer. At least 1. */
  readonly processes: number;
  /** Of a result as JSON. */
  readonly mostResultCharacters: number;
  /** Milliseconds after which a process without work ends. */
  readonly idleMs: number;
}

const usualLimits: ExpressionLimits = {
  processes: 2,
  timeMs: 3_000,
  memoryMiB: 128,
  mostResultCharacters: 4 * 1024 * 1024,
  idleMs: 60_000,
};

/** Evaluates expressions; one per node. */
export interface Expressions {
  /**
   * The value of a JSONata expression; undefined where it has none.
   *
   * @param inputJson what the expression looks at, as JSON, so that nothing large is taken apart here
   * @throws JobError EXPRESSION_FAILED for one that is not JSONata, fails, or takes too much time, memory or room; the
   *   reason of `signal` when it is aborted
   */
  evaluate(customerCode: string, expression: string, inputJson: string, signal: AbortSignal): Promise<unknown>;
  /** Ends the processes; whoever waits gets EXPRESSION_FAILED. */
  close(): void;
}

/** Makes the evaluator. Processes start when they are needed. */
export function createExpressions(limits: Partial<ExpressionLimits> = {}): Expressions {
  const { processes, mostResultCharacters, idleMs, ...processLimits } = { ...usualLimits, ...limits };
  const turns = createTurns(processes);
  /** Of those that wait for their turn. */
  const waiting = new Set<AbortController>();
  const idle = new Map<EvaluationProcess, NodeJS.Timeout>();
  const busy = new Set<EvaluationProcess>();
  let closed = false;

  async function evaluate(
    customerCode: string,
    expression: string,
    inputJson: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    const giveBack = await takeTurn(customerCode, expression, signal);
    try {
      const evaluated = await evaluateNow({ expression, inputJson, mostResultCharacters }, signal);
      if ("fault" in evaluated) throw expressionFailed(expression, evaluated.fault);
      return evaluated.resultJson === null ? undefined : JSON.parse(evaluated.resultJson);
    } finally {
      giveBack();
    }
  }

  async function takeTurn(customerCode: string, expression: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const stopping = () => expressionFailed(expression, "the node is stopping");
    if (closed) throw stopping();
    const wait = new AbortController();
    const aborted = (): void => wait.abort(signal.reason);
    signal.addEventListener("abort", aborted, { once: true });
    waiting.add(wait);
    try {
      const giveBack = await turns.take(customerCode, wait.signal);
      if (!closed) return giveBack;
      giveBack();
      throw stopping();
    } catch (error) {
      throw closed && !signal.aborted ? stopping() : error;
    } finally {
      signal.removeEventListener("abort", aborted);
      waiting.delete(wait);
    }
  }

  async function evaluateNow(evaluation: Evaluation, signal: AbortSignal): Promise<Evaluated> {
    const process = takeProcess();
    busy.add(process);
    try {
      return await process.evaluate(evaluation, signal);
    } finally {
      busy.delete(process);
      keep(process);
    }
  }

  function takeProcess(): EvaluationProcess {
    for (const [process, timer] of idle) {
      idle.delete(process);
      clearTimeout(timer);
      if (!process.isGone()) return process;
    }
    return startEvaluationProcess(processLimits);
  }

  function keep(process: EvaluationProcess): void {
    if (closed) process.kill();
    if (process.isGone()) return;
    const timer = setTimeout(() => {
      idle.delete(process);
      process.kill();
    }, idleMs);
    timer.unref();
    idle.set(process, timer);
  }

  return {
    evaluate,
    close() {
      closed = true;
      for (const wait of waiting) wait.abort();
      for (const [process, timer] of idle) {
        clearTimeout(timer);
        process.kill();
      }
      for (const process of busy) process.kill();
    },
  };
}

function expressionFailed(expression: string, fault: string): JobError {
  const shown = expression.length <= 200 ? expression : `${expression.slice(0, 200).toWellFormed()}…`;
  return new JobError(
    "EXPRESSION_FAILED",
    `The expression ${JSON.stringify(shown)} could not be evaluated: ${fault}.`,
    {
      details: { expression: shown, reason: fault },
    },
  );
}
