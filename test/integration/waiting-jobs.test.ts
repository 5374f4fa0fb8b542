import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { createPlays, oneByOne, sideBySide, sleep } from "../support/waiting-job-types.ts";

const plays = createPlays({
  sleep,
  oneByOne,
  sideBySide,
  swallow: async (ctx, params) => {
    if (ctx.state !== null) return "slept";
    await ctx.sleepUntil(new Date(String(params.until)), "slept").catch(() => undefined);
    return "did not sleep";
  },
  careless: async (ctx, params) => {
    if (ctx.state !== null) return "slept";
    ctx.sleepUntil(new Date(String(params.until)), "slept");
    throw new Error("thrown after sleepUntil");
  },
});
const echo = (n: number) => ({ jobType: "echo", params: { n } });

/** Lets a node that does nothing by itself take what is ready, and run it to its end. */
async function claim(node: TestNode): Promise<void> {
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
}

test("a sleeping job holds no slot, and runs again in the same attempt, with its state, when the time has come", async () => {
  const node = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const clock = fakeClock(node.database);
  const now = Date.now();
  await clock.set(new Date(now));
  const until = new Date(now + 3_600_000);
  const { jobId } = await node.api.jobTypes.execute("parent", { params: { play: "sleep", until } });

  await claim(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({
    status: "STARTED",
    phase: "WAITING",
    waitingFor: "timer",
    attempt: 1,
  });
  expect((await node.api.jobs.list({ phase: "WAITING" })).jobs).toMatchObject([{ jobId, waitingFor: "timer" }]);
  await clock.advance(3_599_000);
  for (const service of ["heartbeat", "promote-jobs", "resume-jobs", "claim-jobs"]) await node.run(service);
  expect(plays.runs(jobId)).toBe(1);

  await clock.advance(1_000);
  for (const service of ["heartbeat", "promote-jobs"]) await node.run(service);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED", waitingFor: "slot", attempt: 1 });
  await claim(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({
    status: "COMPLETED",
    attempt: 1,
    result: { attempt: 1, state: { kept: "by the first run" } },
  });
  expect((await node.api.jobs.attempts(jobId)).attempts).toMatchObject([
    { run: 1, attempt: 1, outcome: "SUSPENDED" },
    { run: 2, attempt: 1, outcome: "COMPLETED" },
  ]);
});

test("a job that sleeps gives its places away, but for its definition's, and is admitted anew", async () => {
  const node = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const { api } = node;
  const clock = fakeClock(node.database);
  const now = Date.now();
  await clock.set(new Date(now));
  const jobDefinition = {
    jobDefinitionCode: "one",
    jobType: "parent",
    params: { play: "sleep", until: new Date(now + 60_000) },
    options: { maxConcurrent: 1, concurrencyKey: "only" },
  };
  await api.jobDefinitions.create({ jobDefinition });
  const { jobId } = await api.jobDefinitions.execute("one");
  const next = await api.jobDefinitions.execute("one");
  const other = await api.jobTypes.execute("echo", { params: {}, options: { concurrencyKey: "only" } });
  const waitingFor = async ({ jobId: id }: { jobId: string }) => (await api.jobs.get(id)).waitingFor;

  await expect.poll(() => waitingFor({ jobId })).toBe("slot");
  await claim(node);
  // The key is free, also for whoever comes behind one that the definition holds up.
  await expect.poll(() => waitingFor(other)).toBe("slot");
  await claim(node);
  await node.run("admit-jobs");
  expect([await waitingFor({ jobId }), await waitingFor(next)]).toEqual(["timer", "definitionLimit"]);

  await clock.advance(60_000);
  for (const service of ["heartbeat", "promote-jobs"]) await node.run(service);
  await expect.poll(() => waitingFor({ jobId })).toBe("slot");
  await claim(node);
  expect(await api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", attempt: 1 });
  await expect.poll(() => waitingFor(next)).toBe("slot");
});

test("whatever a run does after sleepUntil counts for nothing", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  // A time that has passed means at once.
  const until = new Date(Date.now() - 1_000);
  for (const play of ["swallow", "careless"]) {
    const { jobId } = await node.api.jobTypes.execute("parent", { params: { play, until } });
    expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED", result: "slept", attempt: 1 });
    expect(plays.runs(jobId)).toBe(2);
  }
});

test("steps one after another: each starts when the one before has ended, and answers at once in later runs", async () => {
  const node = await startTestNode({ testJobTypes: plays.types });
  const steps = { a: echo(1), b: { jobType: "failing", params: { times: 9, retryable: false } }, c: echo(3) };
  const { jobId } = await node.api.jobTypes.execute("parent", { params: { play: "oneByOne", steps } });
  expect(await waitForJob(node.api, jobId)).toMatchObject({
    status: "COMPLETED",
    attempt: 1,
    result: [
      { status: "COMPLETED", result: { n: 1 }, error: null },
      { status: "FAILED", result: null, error: { code: "CONNECTION_LOST", retryable: false } },
      { status: "COMPLETED", result: { n: 3 }, error: null },
    ],
  });
  expect(plays.runs(jobId)).toBe(4);
  const { jobs } = await node.api.jobs.list({ trigger: "sequence" });
  expect(jobs).toHaveLength(3);
  for (const job of jobs)
    expect(job.trigger).toEqual({ kind: "sequence", by: "admin@example.com", scheduledFor: null });
});

test("while a job waits for children it shows so, and the last child's end wakes it, whichever node ran it", async () => {
  const first = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const second = await startTestNode({ services: "byHand", with: first, testJobTypes: plays.types });
  const steps = { a: echo(1), b: echo(2) };
  const { jobId } = await first.api.jobTypes.execute("parent", { params: { play: "sideBySide", steps } });
  await claim(first);
  expect(await first.api.jobs.get(jobId)).toMatchObject({ phase: "WAITING", waitingFor: "children", attempt: 1 });
  await claim(second);
  await expect.poll(() => first.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED", waitingFor: "slot" });
  await claim(first);
  expect(await first.api.jobs.get(jobId)).toMatchObject({
    status: "COMPLETED",
    result: [{ result: { n: 1 } }, { result: { n: 2 } }],
  });
});

test("a parent whose last child's end nobody told it of is found by the sweep", async () => {
  const node = await startTestNode({ services: "byHand", testJobTypes: plays.types });
  const { jobId } = await node.api.jobTypes.execute("parent", {
    params: { play: "sideBySide", steps: { a: echo(1) } },
  });
  await claim(node);
  // What a node leaves behind that dies right after the commit of the child's end.
  await node.database.sql`
    with ended as (delete from job_queue where parent_id is not null returning id)
    update job set status = 'COMPLETED', result = '"ended"', finished_at = app_now() where id in (select id from ended)`;
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "WAITING" });
  await node.run("resume-jobs");
  await claim(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", result: [{ result: "ended" }] });
});

test("200 parents that each await 3 children all end on a node with 10 slots", { timeout: 60_000 }, async () => {
  const node = await startTestNode({ testJobTypes: plays.types, flags: { "worker-slots": "10" } });
  const steps = { a: echo(1), b: echo(2), c: echo(3) };
  const ids = await Promise.all(
    Array.from({ length: 200 }, () => node.api.jobTypes.execute("parent", { params: { play: "sideBySide", steps } })),
  );
  for (const { jobId } of ids) {
    expect(await waitForJob(node.api, jobId)).toMatchObject({
      status: "COMPLETED",
      result: [{ result: { n: 1 } }, { result: { n: 2 } }, { result: { n: 3 } }],
    });
  }
  const [row] = await node.database.sql`select count(*)::integer as children from job where parent_id is not null`;
  expect(row).toEqual({ children: 600 });
  expect(await node.database.sql`select * from job_queue`).toEqual([]);
});
