/**
 * Customers' JSONata expressions, evaluated where they can harm nothing: in processes of their own, with bounds on time, memory
 * and the size of the result. A thread would not do: one that runs out of memory in one large allocation ends the whole process.
 *
 * Invariants: customers take turns; none holds the last process; nothing that an expression does reaches the event loop.
 */
import { JobError } from "../model/job-errors.ts";
import { type EvaluationProcess, type ProcessLimits, startEvaluationProcess } from "./evaluation-process.ts";
import type { Evaluated } from "./messages.ts";

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

interface Waiting {
  start(process: EvaluationProcess): Promise<void>;
  refuse(fault: string): void;
}

/** Makes the evaluator. Processes start when they are needed. */
export function createExpressions(limits: Partial<ExpressionLimits> = {}): Expressions {
  const { processes, mostResultCharacters, idleMs, ...processLimits } = { ...usualLimits, ...limits };
  const mostOfOne = Math.max(1, processes - 1);
  /** By customer, in the order of their turns. */
  const waiting = new Map<string, Set<Waiting>>();
  const runningOf = new Map<string, number>();
  const idle = new Map<EvaluationProcess, NodeJS.Timeout>();
  const busy = new Set<EvaluationProcess>();
  let closed = false;

  function evaluate(
    customerCode: string,
    expression: string,
    inputJson: string,
    signal: AbortSignal,
  ): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const refuse = (fault: string): void => reject(expressionFailed(expression, fault));
      const settle = (evaluated: Evaluated): void => {
        if ("fault" in evaluated) refuse(evaluated.fault);
        else resolve(evaluated.resultJson === null ? undefined : JSON.parse(evaluated.resultJson));
      };
      const aborted = (): void => {
        remove(customerCode, mine);
        reject(signal.reason);
      };
      const mine: Waiting = {
        start(process) {
          signal.removeEventListener("abort", aborted);
          return process.evaluate({ expression, inputJson, mostResultCharacters }, signal).then(settle, reject);
        },
        refuse,
      };
      if (signal.aborted) return reject(signal.reason);
      if (closed) return refuse("the node is stopping");
      signal.addEventListener("abort", aborted, { once: true });
      const queue = waiting.get(customerCode) ?? new Set();
      waiting.set(customerCode, queue.add(mine));
      startNext();
    });
  }

  function remove(customerCode: string, one: Waiting): void {
    const queue = waiting.get(customerCode);
    if (queue?.delete(one) && queue.size === 0) waiting.delete(customerCode);
  }

  function startNext(): void {
    while (!closed && busy.size < processes) {
      const turn = [...waiting].find(([customer]) => (runningOf.get(customer) ?? 0) < mostOfOne);
      if (!turn) return;
      const [customer, queue] = turn;
      const [next] = queue;
      // To the end of the line, if more of it waits.
      waiting.delete(customer);
      if (!next) continue;
      queue.delete(next);
      if (queue.size > 0) waiting.set(customer, queue);
      run(customer, next);
    }
  }

  function run(customer: string, next: Waiting): void {
    const process = takeProcess();
    busy.add(process);
    runningOf.set(customer, (runningOf.get(customer) ?? 0) + 1);
    void next.start(process).then(() => {
      busy.delete(process);
      const left = (runningOf.get(customer) ?? 1) - 1;
      if (left === 0) runningOf.delete(customer);
      else runningOf.set(customer, left);
      keep(process);
      startNext();
    });
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
      for (const queue of waiting.values()) for (const one of queue) one.refuse("the node is stopping");
      waiting.clear();
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
