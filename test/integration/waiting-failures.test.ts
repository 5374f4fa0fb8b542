import { expect, test } from "vitest";
import type { JobContext } from "../../src/job-types/contract.ts";
import { fakeClock } from "../support/clock.ts";
import { hasStarted } from "../support/job-types.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { createPlays, oneByOne, type Play, sideBySide, sleep } from "../support/waiting-job-types.ts";

const hanging = { jobType: "hanging", params: {} };
const family = { jobType: "parent", params: { play: "sideBySide", steps: { hangs: hanging, sleeps: asleep() } } };
const cancelled = { status: "FAILED", phase: "DONE", error: { code: "CANCELLED", retryable: false } };

function asleep() {
  return { jobType: "parent", params: { play: "sleep", until: new Date(Date.now() + 3_600_000).toISOString() } };
}

const gates = new Map<string, () => void>();

/** Starts one child, then stays in the middle of its run until the test lets it go on. */
const interrupted: Play = async (ctx) => {
  await ctx.jobs.start("only", { jobType: "echo", params: {} });
  if (gates.size === 0) await new Promise<void>((resolve) => gates.set(ctx.job.id, resolve));
  return ctx.jobs.await("only");
};

const plays = createPlays({
  sleep,
  oneByOne,
  sideBySide,
  interrupted,
  leaves: (ctx) => ctx.jobs.start("left", hanging),
  failsOnce: async (ctx) => {
    const { jobId } = await ctx.jobs.await("only", { jobType: "echo", params: {} });
    if (ctx.attempt === 1) throw new Error("after the child");
    return jobId;
  },
});

async function familyOf(node: TestNode): Promise<{ top: string; ids: string[] }> {
  const { api } = node;
  const params = { play: "sideBySide", steps: { family, hangs: hanging } };
  const { jobId: top } = await api.jobTypes.execute("parent", { params });
  await waitForJob(api, top, (job) => job.phase === "WAITING");
  let ids: string[] = [];
  await expect
    .poll(async () => {
      const { jobs } = await api.jobs.list({ trigger: "sequence" });
      ids = jobs.map((job) => job.jobId);
      return jobs.map((job) => `${job.jobType} ${job.phase}`).sort();
    })
    .toEqual(["hanging RUNNING", "hanging RUNNING", "parent WAITING", "parent WAITING"]);
  return { top, ids };
}

test("cancelling a waiting job cancels its children and theirs, waiting or running, on whichever node", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const other = await startTestNode({ with: node, testJobTypes: plays.types });
  const { top, ids } = await familyOf(node);
  expect(await other.api.jobs.cancel(top)).toMatchObject({ ...cancelled, attempt: 1 });
  for (const jobId of ids) {
    const job = await waitForJob(node.api, jobId);
    expect(job).toMatchObject(cancelled);
    expect(job.error?.message).toContain(`with its parent ${top}`);
  }
  expect(await node.database.sql`select * from job_queue`).toEqual([]);
});

test("a child that is cancelled by itself is answered to its parent, which goes on", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const params = { play: "oneByOne", steps: { hangs: hanging, next: { jobType: "echo", params: {} } } };
  const { jobId } = await node.api.jobTypes.execute("parent", { params });
  await waitForJob(node.api, jobId, (job) => job.phase === "WAITING");
  const [child] = (await node.api.jobs.list({ trigger: "sequence" })).jobs;
  await node.api.jobs.cancel(child?.jobId ?? "");
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "COMPLETED",
    result: [{ status: "FAILED", error: { code: "CANCELLED" } }, { status: "COMPLETED" }],
  });
});

test("a wait that takes too long fails the job and cancels its children and theirs", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const clock = fakeClock(node.database);
  const { top, ids } = await familyOf(node);
  await clock.advance(86_399_000);
  await node.run("resume-jobs");
  expect(await node.api.jobs.get(top)).toMatchObject({ phase: "WAITING" });
  await node.run("heartbeat");
  await clock.advance(2_000);
  await node.run("resume-jobs");
  const expected = { status: "FAILED", attempt: 1, error: { code: "TIMED_OUT", retryable: false } };
  const job = await node.api.jobs.get(top);
  expect(job).toMatchObject(expected);
  expect(job.error?.message).toMatch(/waited for its children longer than waitTimeoutSeconds, 86400 s/);
  for (const jobId of ids) expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED" });
});

test("a job that ends leaves the children that it did not await running", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const { jobId } = await node.api.jobTypes.execute("parent", { params: { play: "leaves" } });
  const { result } = await waitForJob(node.api, jobId);
  const [child] = (await node.api.jobs.list({ trigger: "sequence" })).jobs;
  expect(result).toEqual({ jobId: child?.jobId });
  await hasStarted(child?.jobId ?? "");
  expect(await node.api.jobs.cancel(child?.jobId ?? "")).toMatchObject({ jobType: "hanging" });
});

test("a parent whose node dies between start and await starts no child twice", async () => {
  const mortal = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const rescuer = await startTestNode({ services: "byHand", with: mortal, testJobTypes: plays.types });
  const clock = fakeClock(mortal.database);
  await clock.advance(0);
  const { jobId } = await mortal.api.jobTypes.execute("parent", { params: { play: "interrupted" } });
  await mortal.run("claim-jobs");
  await expect.poll(() => gates.has(jobId)).toBe(true);
  for (let seconds = 0; seconds <= 35; seconds += 5) {
    await clock.advance(5_000);
    await rescuer.run("heartbeat");
  }
  await rescuer.run("rescue-jobs");
  for (let round = 0; round < 3; round += 1) {
    await rescuer.run("claim-jobs");
    await expect.poll(() => rescuer.running()).toBe(0);
    await rescuer.run("resume-jobs");
  }
  expect(await rescuer.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", attempt: 1 });
  // The node that was taken for dead goes on where it was: it may neither start nor await anything.
  gates.get(jobId)?.();
  await expect.poll(() => mortal.running()).toBe(0);
  expect((await rescuer.api.jobs.list({ trigger: "sequence" })).jobs).toHaveLength(1);
});

test("another attempt meets the children of the one before; a rerun starts its own", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const options = { retry: { maxAttempts: 2, initialSeconds: 0, maxSeconds: 0 } };
  const { jobId } = await node.api.jobTypes.execute("parent", { params: { play: "failsOnce" }, options });
  const job = await waitForJob(node.api, jobId);
  expect(job).toMatchObject({ status: "COMPLETED", attempt: 2 });
  expect((await node.api.jobs.list({ trigger: "sequence" })).jobs).toMatchObject([{ jobId: job.result }]);
  const again = await waitForJob(node.api, (await node.api.jobs.rerun(jobId)).jobId);
  expect(again.result).not.toBe(job.result);
  expect((await node.api.jobs.list({ trigger: "sequence" })).jobs).toHaveLength(2);
});

test("a child that needs what its waiting ancestors keep has failed at once; with room for both it runs", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const own = { jobDefinitionCode: "self", params: { play: "sideBySide", steps: {} } };
  for (const [maxConcurrent, child] of [
    [1, { status: "FAILED", error: { code: "SELF_BLOCKED", retryable: false } }],
    [2, { status: "COMPLETED" }],
  ] as const) {
    const params = { play: "oneByOne", steps: { own } };
    const jobDefinition = { jobDefinitionCode: "self", jobType: "parent", params, options: { maxConcurrent } };
    await node.api.jobDefinitions.put("self", { jobDefinition });
    const { jobId } = await node.api.jobDefinitions.execute("self");
    expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED", result: [child] });
  }
});

test("a child that a lowered limit holds up for ever is found by the sweep", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const steps = { own: { jobDefinitionCode: "self", params: { play: "sleep", until: asleep().params.until } } };
  const jobDefinition = { jobDefinitionCode: "self", jobType: "parent", params: { play: "oneByOne", steps } };
  await node.api.jobDefinitions.put("self", { jobDefinition });
  const { jobId } = await node.api.jobDefinitions.execute("self");
  await waitForJob(node.api, jobId, (job) => job.phase === "WAITING");
  // The child too, which may run until after its parent waits.
  await expect.poll(async () => (await node.api.jobs.list({ phase: "WAITING" })).jobs).toHaveLength(2);
  // The child as it is when the limit is set before it has started.
  await node.database
    .sql`update job_queue set wake_at = null, awaits = null, wait_deadline = null, runs = 0, state = 'blocked' where parent_id is not null`;
  await node.database.sql`update job_queue set limited = true`;
  await node.database.sql`update job_definition set max_concurrent = 1`;
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "COMPLETED",
    result: [{ status: "FAILED", error: { code: "SELF_BLOCKED" } }],
  });
});

test("the runs of an attempt share its time limit; waiting counts for none of it", async () => {
  const seen: JobContext["signal"][] = [];
  const timed = createPlays({
    timed: async (ctx) => {
      seen.push(ctx.signal);
      if (ctx.state === null) return ctx.sleepUntil(new Date(0), "slept");
      return new Promise((_, reject) => ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason)));
    },
  });
  const node = await startTestNode({ services: "byHand", testJobTypes: timed.types });
  const options = { timeoutSeconds: 5 };
  const { jobId } = await node.api.jobTypes.execute("parent", { params: { play: "timed" }, options });
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
  // As if the first run had taken almost all of it.
  await node.database.sql`update job_queue set ran_ms = 4950`;
  await node.run("promote-jobs");
  await node.run("claim-jobs");
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED", error: { code: "TIMED_OUT" } });
  expect(seen).toHaveLength(2);
});
