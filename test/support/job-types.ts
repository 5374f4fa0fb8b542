/** Job types that do on demand what real ones do by accident. */
import Type from "typebox";
import { defineJobType, JobError, type JobType } from "../../src/job-types/contract.ts";

const defaults = { timeoutSeconds: 60 };
const Anything = Type.Unknown();

/** Ends at once and answers its params. */
export const echo = defineJobType({
  code: "echo",
  name: "Echo",
  description: "Answers its params.",
  paramsSchema: Type.Object({}, { additionalProperties: true }),
  resultSchema: Anything,
  defaults,
  run: async (_ctx, params) => params,
});

/** Fails the given number of attempts, then succeeds. */
export const failing = defineJobType({
  code: "failing",
  name: "Failing",
  description: "Fails its first attempts.",
  paramsSchema: Type.Object({ times: Type.Integer(), retryable: Type.Boolean() }, { additionalProperties: false }),
  resultSchema: Anything,
  defaults,
  async run(ctx, params) {
    if (ctx.attempt > params.times) return { attempt: ctx.attempt };
    throw new JobError("CONNECTION_LOST", `attempt ${ctx.attempt} fails`, { retryable: params.retryable });
  },
});

/** Runs until it is told to end: by its signal, or by {@link release}. */
export const hanging = defineJobType({
  code: "hanging",
  name: "Hanging",
  description: "Runs until it is released or aborted.",
  paramsSchema: Type.Object({}, { additionalProperties: true }),
  resultSchema: Anything,
  defaults,
  run: (ctx) =>
    new Promise((resolve, reject) => {
      released.set(ctx.job.id, resolve);
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason), { once: true });
      for (const wake of watching) wake();
    }),
});

const released = new Map<string, (value: unknown) => void>();
const watching = new Set<() => void>();

/** Lets a hanging job end well. */
export function release(jobId: string): void {
  released.get(jobId)?.({ released: true });
  released.delete(jobId);
}

/** Resolves when a hanging job has started, on whichever node of this process. */
export async function hasStarted(jobId: string): Promise<void> {
  while (!released.has(jobId)) {
    await new Promise<void>((resolve) => {
      const wake = () => {
        watching.delete(wake);
        resolve();
      };
      watching.add(wake);
    });
  }
}

export const testJobTypes: readonly JobType[] = [echo, failing, hanging];
