/** Runs `callWebserviceEndpoint` against local servers, without a queue around it. */
import { createEgress } from "../../src/egress/egress.ts";
import { createExpressions } from "../../src/expressions/expressions.ts";
import { callWebserviceEndpoint } from "../../src/job-types/call-webservice-endpoint/index.ts";
import type { Params } from "../../src/job-types/call-webservice-endpoint/params.ts";
import type { Result } from "../../src/job-types/call-webservice-endpoint/result.ts";
import type { JobContext } from "../../src/job-types/contract.ts";
import { parseEgressRules } from "../../src/model/egress-rules.ts";
import { createSecretMask } from "../../src/model/mask-secrets.ts";

/** The id of every job that a caller runs. */
export const callerJobId = "20240302-018e0000-0000-7000-8000-000000000000";

/** What of a run a test cares about. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly customerCode?: string;
  readonly attempt?: number;
  /** Values that are secrets. */
  readonly secrets?: readonly string[];
  readonly now?: () => Date;
  /** What an earlier run has left. */
  readonly state?: unknown;
}

/** A job that has run to its end, through all its waits. */
export interface WholeRun {
  readonly result: Result;
  /** Seconds slept before each further run. */
  readonly sleeps: readonly number[];
  /** What was left for each further run. */
  readonly states: readonly unknown[];
  readonly progress: readonly string[];
}

/** Calls webservices as a job does. */
export interface Caller {
  run(params: Params, options?: CallOptions): Promise<Result>;
  /** Runs it again whenever it has slept; time passes only in its sleep. */
  runThroughWaits(params: Params, options?: CallOptions): Promise<WholeRun>;
  /** The lines that runs have logged. */
  readonly logged: readonly string[];
  close(): Promise<void>;
}

/** Makes one that may reach the hosts of `allow`, a value of PUNCTUAL_EGRESS_ALLOW. */
export function startCaller(allow: string): Caller {
  const egress = createEgress({ allow: parseEgressRules(allow) });
  const expressions = createExpressions({ timeMs: 2_000, memoryMiB: 64 });
  const logged: string[] = [];
  const log = (line: string): void => void logged.push(line);

  function contextOf(options: CallOptions, more: Partial<JobContext> = {}): JobContext {
    const { customerCode = "demo", signal = new AbortController().signal, attempt = 1 } = options;
    const mask = createSecretMask(options.secrets);
    return {
      job: {
        id: callerJobId,
        customerCode,
        jobType: "callWebserviceEndpoint",
        jobDefinitionCode: null,
        scheduledFor: null,
        createdAt: "2024-03-02T00:00:00Z",
      },
      attempt,
      maxAttempts: 3,
      signal,
      fetch: (request) => egress.fetch({ signal, ...request }),
      sftp: egress.openSftp,
      secrets: { get: unused, hide: mask.add, mask: mask.text },
      files: {
        list: () => ({ [Symbol.asyncIterator]: () => ({ next: unused }) }),
        read: unused,
        write: unused,
        process: unused,
      },
      evaluate: (expression, inputJson) => expressions.evaluate(customerCode, expression, inputJson, signal),
      log: { debug: log, info: log, warn: log, error: log },
      progress: () => undefined,
      clock: { now: options.now ?? (() => new Date()) },
      jobs: { start: unused, await: unused, awaitAll: unused },
      state: options.state ?? null,
      sleepUntil: unused,
      ...more,
    };
  }

  async function runThroughWaits(params: Params, options: CallOptions = {}): Promise<WholeRun> {
    const sleeps: number[] = [];
    const states: unknown[] = [];
    const progress: string[] = [];
    let now = Date.parse("2024-03-02T00:00:00Z");
    let state = options.state;
    for (;;) {
      let wakeAt: number | undefined;
      const ctx = contextOf(
        { ...options, state, now: () => new Date(now) },
        {
          progress: (done, total, message) => void progress.push(`${done}/${total} ${message}`),
          sleepUntil(time, left) {
            wakeAt = time.getTime();
            state = JSON.parse(JSON.stringify(left));
            return Promise.reject(new Error("the run has ended to wait"));
          },
        },
      );
      try {
        return { result: await callWebserviceEndpoint.run(ctx, params), sleeps, states, progress };
      } catch (error) {
        if (wakeAt === undefined) throw error;
        sleeps.push((wakeAt - now) / 1000);
        states.push(state);
        now = Math.max(now, wakeAt);
      }
    }
  }

  return {
    run: (params, options = {}) => callWebserviceEndpoint.run(contextOf(options), params),
    runThroughWaits,
    logged,
    async close() {
      expressions.close();
      await egress.close();
    },
  };
}

function unused(): Promise<never> {
  throw new Error("this job type starts no jobs and waits for nothing");
}
