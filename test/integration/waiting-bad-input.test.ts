import { expect, test } from "vitest";
import type { ChildRequest, JobContext } from "../../src/job-types/contract.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { createPlays } from "../support/waiting-job-types.ts";

const echo = { jobType: "echo", params: {} };
const cycle: Record<string, unknown> = {};
cycle.self = cycle;

/** What code in JavaScript may do, although the types forbid it. */
function untyped<T>(value: unknown): T {
  return JSON.parse("[null]", () => value);
}

const start = (request: unknown) => (ctx: JobContext) => ctx.jobs.start("s", untyped<ChildRequest>(request));
const awaitStep = (step: unknown) => (ctx: JobContext) => ctx.jobs.await(untyped<string>(step), echo);
const sleepUntil = (time: unknown, state?: unknown) => (ctx: JobContext) => ctx.sleepUntil(untyped<Date>(time), state);

/** What a run does, and the code and message with which it fails. */
const faults: Readonly<Record<string, [play: (ctx: JobContext) => Promise<unknown>, code: string, message: RegExp]>> = {
  "a time that is none": [sleepUntil(new Date(Number.NaN)), "JOB_TYPE_ERROR", /a Date that is a time; .*Invalid Date/],
  "no Date": [sleepUntil("tomorrow"), "JOB_TYPE_ERROR", /needs a Date that is a time; it was given "tomorrow"/],
  "nothing at all": [sleepUntil(undefined), "JOB_TYPE_ERROR", /it was given undefined/],
  "farther than may be waited": [
    (ctx) => ctx.sleepUntil(new Date(ctx.clock.now().getTime() + 86_460_000)),
    "JOB_TYPE_ERROR",
    /more than options.waitTimeoutSeconds, 86400 s, ahead/,
  ],
  "the end of time": [sleepUntil(new Date(8.64e15)), "JOB_TYPE_ERROR", /\+275760-09-13/],
  "a state of 300 KiB": [sleepUntil(new Date(), "x".repeat(300 * 1024)), "JOB_TYPE_ERROR", /more than 262144 bytes/],
  "a state that is no JSON": [sleepUntil(new Date(), cycle), "JOB_TYPE_ERROR", /state .* cannot be kept/],
  "an empty step": [awaitStep(""), "JOB_TYPE_ERROR", /A step is a text of 1–200 characters/],
  "a step of 201 characters": [awaitStep("x".repeat(201)), "JOB_TYPE_ERROR", /A step is a text/],
  "a step with U+0000": [awaitStep("a\u0000"), "JOB_TYPE_ERROR", /A step is a text/],
  "a step that is a number": [awaitStep(7), "JOB_TYPE_ERROR", /A step is a text .* not 7/],
  "a step that was not started": [(ctx) => ctx.jobs.await("s"), "CHILD_REFUSED", /it has no job; start it first/],
  "no steps": [(ctx) => ctx.jobs.awaitAll(untyped("s")), "JOB_TYPE_ERROR", /awaitAll needs an array/],
  "no request": [start(undefined), "CHILD_REFUSED", /needs either a jobDefinitionCode or a jobType/],
  "a request for both": [start({ ...echo, jobDefinitionCode: "d" }), "CHILD_REFUSED", /either/],
  "params that are a list": [start({ ...echo, params: [] }), "CHILD_REFUSED", /params and options that are objects/],
  "a request that is no JSON": [start({ ...echo, params: cycle }), "CHILD_REFUSED", /request cannot be stored/],
  "a request of 2 MiB": [start({ ...echo, params: { x: "x".repeat(2 ** 21) } }), "CHILD_REFUSED", /1048576 bytes/],
  "an unknown definition": [start({ jobDefinitionCode: "none" }), "CHILD_REFUSED", /no job definition "none"/],
  "an unknown type": [start({ jobType: "none" }), "CHILD_REFUSED", /does not know the job type "none"/],
  "params that break the schema": [start({ jobType: "failing" }), "CHILD_REFUSED", /Step "s": \/params\/times/],
  "options that break a rule": [
    start({ ...echo, options: { timeoutSeconds: -5 } }),
    "CHILD_REFUSED",
    /\/options\/timeoutSeconds: must be a whole number from 1 to 86400/,
  ],
  "a priority of 70,000": [start({ ...echo, priority: 70_000 }), "CHILD_REFUSED", /\/options\/priority/],
  "params that refer to a secret": [
    start({ ...echo, params: { a: ["{{secrets.KEY}}"] } }),
    "CHILD_REFUSED",
    /refer to the secret KEY; only a job definition's own params may/,
  ],
};

const plays = createPlays({
  ...Object.fromEntries(Object.entries(faults).map(([name, [play]]) => [name, play])),
  both: (ctx) => Promise.all([ctx.jobs.await("a", echo), ctx.jobs.await("b", echo)]),
  none: (ctx) => ctx.jobs.awaitAll([]),
  nested: (ctx) => ctx.jobs.await("deeper", { jobType: "parent", params: { play: "nested" } }),
  many: async (ctx) => {
    await ctx.jobs.start("a", { ...echo, params: { n: 1 } });
    // The rest of the thousand is put there by the test.
    if (ctx.state === null) await ctx.sleepUntil(new Date(0), "once");
    return [
      await ctx.jobs.start("a", echo),
      await ctx.jobs.start("one too many", echo).catch((error) => error.message),
    ];
  },
  unawaited: async (ctx) => {
    ctx.jobs.start("s", untyped<ChildRequest>({ jobType: "none" }));
    ctx.jobs.awaitAll(["never started"]);
    return "well";
  },
});

test("whatever a run asks for, it is told what is wrong with it, once, and nothing is started", async () => {
  const { api, database } = await startTestNode({ testJobTypes: plays.types });
  const options = { retry: { maxAttempts: 3, initialSeconds: 0, maxSeconds: 0 } };
  for (const [play, [, code, message]] of Object.entries(faults)) {
    const { jobId } = await api.jobTypes.execute("parent", { params: { play }, options });
    const job = await waitForJob(api, jobId);
    expect(job, play).toMatchObject({ status: "FAILED", attempt: 1, error: { code, retryable: false } });
    expect(job.error?.message, play).toMatch(message);
  }
  expect(await database.sql`select * from job_child`).toEqual([]);
});

test("awaits side by side, of nothing, and promises that a run leaves alone do no harm", async () => {
  const { api } = await startTestNode({ testJobTypes: plays.types });
  for (const [play, result] of [
    ["both", [{ status: "COMPLETED" }, { status: "COMPLETED" }]],
    ["none", []],
    ["unawaited", "well"],
  ] as const) {
    const { jobId } = await api.jobTypes.execute("parent", { params: { play } });
    expect(await waitForJob(api, jobId), play).toMatchObject({ status: "COMPLETED", result });
  }
});

test("children nest ten levels deep, and each level tells the one above why the eleventh was refused", async () => {
  const { api } = await startTestNode({ testJobTypes: plays.types });
  const { jobId } = await api.jobTypes.execute("parent", { params: { play: "nested" } });
  expect(await waitForJob(api, jobId)).toMatchObject({ status: "COMPLETED", result: { status: "COMPLETED" } });
  const { jobs } = await api.jobs.list({ trigger: "sequence" });
  expect(jobs).toHaveLength(10);
  expect(jobs[0]).toMatchObject({ status: "FAILED", error: { code: "CHILD_REFUSED" } });
  expect(jobs[0]?.error?.message).toMatch(/it would be 11 levels below the first job; 10 is the most/);
});

test("a job has a thousand children at most", async () => {
  const node = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const { jobId } = await node.api.jobTypes.execute("parent", { params: { play: "many" } });
  for (let run = 1; run <= 2; run += 1) {
    await node.run("claim-jobs");
    await expect.poll(() => node.running()).toBe(0);
    await node.run("promote-jobs");
    await node.database.sql`
      insert into job_child (day, parent_id, step, child_day, child_id)
      select day, parent_id, 'filler ' || n, child_day, gen_random_uuid()
        from job_child, generate_series(1, 999) n where step = 'a' on conflict do nothing`;
  }
  const job = await node.api.jobs.get(jobId);
  expect(job).toMatchObject({ status: "COMPLETED" });
  const [first] = (await node.api.jobs.list({ trigger: "sequence" })).jobs;
  expect(job.result).toEqual([{ jobId: first?.jobId }, expect.stringMatching(/has 1000 children, which is the most/)]);
});
