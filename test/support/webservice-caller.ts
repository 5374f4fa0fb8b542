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
}

/** Calls webservices as a job does. */
export interface Caller {
  run(params: Params, options?: CallOptions): Promise<Result>;
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

  function contextOf(options: CallOptions): JobContext {
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
      signal,
      fetch: egress.fetch,
      secrets: { get: unused, hide: mask.add, mask: mask.text },
      evaluate: (expression, inputJson) => expressions.evaluate(customerCode, expression, inputJson, signal),
      log: { debug: log, info: log, warn: log, error: log },
      progress: () => undefined,
      clock: { now: options.now ?? (() => new Date()) },
      jobs: { start: unused, await: unused, awaitAll: unused },
      state: null,
      sleepUntil: unused,
    };
  }

  return {
    run: (params, options = {}) => callWebserviceEndpoint.run(contextOf(options), params),
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
