/** A job type whose runs end when the test says so; each node of a test may have one of its own. */
import Type from "typebox";
import { defineJobType, type JobType } from "../../src/job-types/contract.ts";

export interface GatedType {
  /** Code `gated`. It ignores its signal. */
  readonly type: JobType;
  /** Resolves when a run of that job has begun here. */
  started(jobId: string): Promise<void>;
  /** How many runs have begun here. */
  runs(): number;
  /** Ends the run of that job. */
  end(jobId: string, result: unknown): void;
}

/** Makes one. */
export function createGatedType(): GatedType {
  const gates = new Map<string, (result: unknown) => void>();
  const watchers = new Set<() => void>();
  let runs = 0;
  const type = defineJobType({
    code: "gated",
    name: "Gated",
    description: "Runs until the test ends it.",
    paramsSchema: Type.Object({}, { additionalProperties: true }),
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 60 },
    run: (ctx) =>
      new Promise((resolve) => {
        runs += 1;
        gates.set(ctx.job.id, resolve);
        for (const watch of [...watchers]) watch();
      }),
  });
  return {
    type,
    runs: () => runs,
    started: (jobId) =>
      new Promise((resolve) => {
        const watch = () => {
          if (!gates.has(jobId)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    end(jobId, result) {
      gates.get(jobId)?.(result);
      gates.delete(jobId);
    },
  };
}
