/** Job types that wait: for a time, or for children. */
import Type from "typebox";
import { type ChildRequest, defineJobType, type JobContext, type JobType } from "../../src/job-types/contract.ts";
import { testJobTypes } from "./job-types.ts";

const Anything = Type.Object({}, { additionalProperties: true });

/** What a run of a parent does, chosen by `params.play`; what it answers is the job's result. */
export type Play = (ctx: JobContext, params: Readonly<Record<string, unknown>>) => Promise<unknown>;

export interface Plays {
  /** The type `parent`; each node of a test may have the same. */
  readonly types: readonly JobType[];
  /** How many runs have begun, by job. */
  runs(jobId: string): number;
}

/** Makes a job type whose runs are written in the test, by name. */
export function createPlays(plays: Readonly<Record<string, Play>>): Plays {
  const begun = new Map<string, number>();
  const parent = defineJobType({
    code: "parent",
    name: "Parent",
    description: "Does what the test says.",
    paramsSchema: Anything,
    resultSchema: Type.Unknown(),
    defaults: { timeoutSeconds: 60 },
    run(ctx, given) {
      const params = Object.fromEntries(Object.entries(given));
      begun.set(ctx.job.id, (begun.get(ctx.job.id) ?? 0) + 1);
      const play = plays[String(params.play)];
      if (!play) throw new Error("there is no such play");
      return play(ctx, params);
    },
  });
  return { types: [...testJobTypes, parent], runs: (jobId) => begun.get(jobId) ?? 0 };
}

/** Sleeps until `params.until`, then answers the state that it kept. */
export const sleep: Play = async (ctx, params) => {
  if (ctx.state !== null) return { attempt: ctx.attempt, state: ctx.state };
  return ctx.sleepUntil(new Date(String(params.until)), { kept: "by the first run" });
};

/** Awaits the steps of `params.steps`, one after another. */
export const oneByOne: Play = async (ctx, params) => {
  const outcomes: unknown[] = [];
  for (const [step, request] of stepsOf(params)) outcomes.push(await ctx.jobs.await(step, request));
  return outcomes;
};

/** Starts all steps of `params.steps`, then awaits them together. */
export const sideBySide: Play = async (ctx, params) => {
  const steps = stepsOf(params);
  for (const [step, request] of steps) await ctx.jobs.start(step, request);
  return ctx.jobs.awaitAll(steps.map(([step]) => step));
};

function stepsOf(params: Readonly<Record<string, unknown>>): [string, ChildRequest][] {
  const { steps } = params;
  return typeof steps === "object" && steps !== null ? Object.entries(steps) : [];
}
