import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { createGatedType } from "../support/gated-job-type.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { keepLog } from "../support/log.ts";
import { startTestNode, type TestNode, type TestNodeOptions } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

/** Two nodes of one database that do nothing by themselves, and the time. */
async function startTwoNodes(ofMortal: TestNodeOptions = {}, ofRescuer: TestNodeOptions = {}) {
  const mortal = await startTestNode({ services: "byHand", ...ofMortal });
  const rescuer = await startTestNode({ services: "byHand", with: mortal, ...ofRescuer });
  const clock = fakeClock(mortal.database);
  await clock.advance(0);

  /** Time goes by in steps of 5 s, in which the given nodes beat. */
  async function live(seconds: number, ...beating: TestNode[]): Promise<void> {
    for (let passed = 0; passed < seconds; passed += 5) {
      await clock.advance(5_000);
      for (const node of beating) await node.run("heartbeat");
    }
  }
  await live(0, mortal, rescuer);
  return { mortal, rescuer, clock, live };
}

async function startHanging(node: TestNode, options: { onWorkerLost?: "fail"; maxAttempts?: number } = {}) {
  const { jobId } = await node.api.jobTypes.execute("hanging", {
    params: {},
    options: { retry: options, queueTimeoutSeconds: 30 },
  });
  await node.run("claim-jobs");
  await hasStarted(jobId);
  return jobId;
}

/** Under which claim a job is held, and by which node; undefined for one that is not. */
async function claimOf(node: TestNode, jobId: string): Promise<{ claim: string; node_id: string } | undefined> {
  const [row] = await node.database.sql<{ claim: string; node_id: string }[]>`
    select claim, node_id from job_queue where id = ${jobId.slice(9)} and state = 'claimed'`;
  return row;
}

test("a node is dead after 30 s of silence: its job runs again elsewhere, with no attempt used up and in its place", async () => {
  const { mortal, rescuer, live } = await startTwoNodes();
  const jobId = await startHanging(mortal);
  const later = await mortal.api.jobTypes.execute("hanging", { params: {} });
  const before = await mortal.api.jobs.get(jobId);

  await live(25, rescuer);
  await rescuer.run("rescue-jobs");
  expect((await claimOf(mortal, jobId))?.node_id).toBe(mortal.context.node.nodeId);

  await live(10, rescuer);
  await rescuer.run("rescue-jobs");
  // It has begun in time once.
  await rescuer.run("expire-jobs");
  expect(await mortal.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED", attempt: 0, runAt: before.runAt });
  const [first] = await mortal.database.sql`select id from job_queue order by priority, run_at, id limit 1`;
  expect(first).toEqual({ id: jobId.slice(9) });

  await rescuer.run("claim-jobs");
  expect((await claimOf(mortal, jobId))?.node_id).toBe(rescuer.context.node.nodeId);
  release(jobId);
  expect(await waitForJob(mortal.api, jobId)).toMatchObject({ status: "COMPLETED", attempt: 1 });
  release(later.jobId);
  await waitForJob(mortal.api, later.jobId);
});

test("a node that has not beaten for 30 s itself declares nobody dead", async () => {
  const { mortal, rescuer, live, clock } = await startTwoNodes();
  const jobId = await startHanging(mortal);
  await live(20, rescuer);
  // A gap of 15 s in its own beats.
  await clock.advance(15_000);
  await rescuer.run("heartbeat");
  await live(25, rescuer);
  await rescuer.run("rescue-jobs");
  expect((await claimOf(mortal, jobId))?.node_id).toBe(mortal.context.node.nodeId);

  await live(5, rescuer);
  await rescuer.run("rescue-jobs");
  expect(await claimOf(mortal, jobId)).toBeUndefined();
});

test("an outage of the database kills nobody, whichever service is the first to find it back", async () => {
  const { mortal, rescuer, live, clock } = await startTwoNodes();
  const jobId = await startHanging(mortal);
  await live(60, mortal, rescuer);
  const held = await claimOf(mortal, jobId);

  await clock.advance(120_000);
  await rescuer.run("rescue-jobs");
  expect(await claimOf(mortal, jobId)).toEqual(held);
  await rescuer.run("heartbeat");
  await rescuer.run("rescue-jobs");
  await live(60, mortal, rescuer);
  await rescuer.run("rescue-jobs");
  expect(await claimOf(mortal, jobId)).toEqual(held);
  release(jobId);
  expect(await waitForJob(mortal.api, jobId)).toMatchObject({ status: "COMPLETED", attempt: 1 });
});

test("what a node reports after its job was taken changes nothing and is logged", async () => {
  const { log, messages } = keepLog();
  const [early, late] = [createGatedType(), createGatedType()];
  const { mortal, rescuer, live } = await startTwoNodes({ log, jobTypes: [early.type] }, { jobTypes: [late.type] });
  const { jobId } = await mortal.api.jobTypes.execute("gated", { params: {} });
  await mortal.run("claim-jobs");
  await early.started(jobId);
  await live(60, rescuer);
  await rescuer.run("rescue-jobs");
  await rescuer.run("claim-jobs");
  await late.started(jobId);
  const held = await claimOf(mortal, jobId);
  expect(held?.node_id).toBe(rescuer.context.node.nodeId);

  early.end(jobId, { by: "the node that was taken for dead" });
  await expect.poll(messages).toEqual(["a job had been taken from this node; its outcome was dropped"]);
  expect(await claimOf(mortal, jobId)).toEqual(held);
  expect(await mortal.api.jobs.get(jobId)).toMatchObject({ status: "STARTED", phase: "RUNNING", result: null });

  late.end(jobId, { by: "the other" });
  expect(await waitForJob(mortal.api, jobId)).toMatchObject({ status: "COMPLETED", result: { by: "the other" } });
});

test("after three deaths under it a job is FAILED with WORKER_LOST", async () => {
  const { mortal, rescuer, live } = await startTwoNodes();
  const { jobId } = await mortal.api.jobTypes.execute("hanging", { params: {} });
  for (let death = 1; death <= 3; death += 1) {
    const node = await startTestNode({ services: "byHand", with: mortal });
    await node.run("claim-jobs");
    expect((await claimOf(mortal, jobId))?.node_id).toBe(node.context.node.nodeId);
    await live(60, rescuer);
    await rescuer.run("rescue-jobs");
    const job = await mortal.api.jobs.get(jobId);
    if (death < 3) expect(job).toMatchObject({ status: "STARTED", phase: "QUEUED", attempt: 0 });
    else expect(job).toMatchObject({ status: "FAILED", attempt: 1, error: { code: "WORKER_LOST", retryable: false } });
  }
  const attempts = await mortal.database.sql`
    select run, attempt, outcome from job_attempt where job_id = ${jobId.slice(9)} order by run`;
  expect(attempts).toEqual([
    { run: 1, attempt: 1, outcome: "LOST" },
    { run: 2, attempt: 1, outcome: "LOST" },
  ]);
});

test("with onWorkerLost fail the first death ends a job, and so does the first hand-back", async () => {
  const { mortal, rescuer, live } = await startTwoNodes();
  const died = await startHanging(mortal, { onWorkerLost: "fail", maxAttempts: 5 });
  await live(60, rescuer);
  await rescuer.run("rescue-jobs");
  expect(await mortal.api.jobs.get(died)).toMatchObject({ status: "FAILED", error: { code: "WORKER_LOST" } });

  const stopping = await startTestNode({ services: "byHand", with: mortal });
  const handedBack = await startHanging(stopping, { onWorkerLost: "fail", maxAttempts: 5 });
  await stopping.stop(0);
  expect(await mortal.api.jobs.get(handedBack)).toMatchObject({ status: "FAILED", error: { code: "WORKER_LOST" } });
});

test("a node that has not beaten for 20 s takes nothing", async () => {
  const { mortal, clock } = await startTwoNodes();
  const { jobId } = await mortal.api.jobTypes.execute("echo", { params: {} });
  await clock.advance(20_000);
  await mortal.run("claim-jobs");
  expect(await mortal.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED" });
  await mortal.run("heartbeat");
  await mortal.run("claim-jobs");
  expect(await waitForJob(mortal.api, jobId)).toMatchObject({ status: "COMPLETED" });
});

test("a claim whose answer got lost is given back by the node itself, as if it had never been", async () => {
  const { mortal, clock } = await startTwoNodes();
  const options = { retry: { onWorkerLost: "fail" as const } };
  const { jobId } = await mortal.api.jobTypes.execute("hanging", { params: {}, options });
  // What PostgreSQL does for a claim whose sender gave up: the row is claimed, and nobody knows of it.
  await mortal.database.sql`
    update job_queue set state = 'claimed', claim = gen_random_uuid(), node_id = ${mortal.context.node.nodeId}, runs = 1,
           started_at = app_now(), first_started_at = app_now()`;
  const running = await startHanging(mortal);

  await clock.advance(10_000);
  await mortal.run("heartbeat");
  expect(await claimOf(mortal, jobId)).toBeDefined();
  await clock.advance(10_000);
  await mortal.run("heartbeat");

  await expect.poll(() => mortal.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED", attempt: 0, startedAt: null });
  expect((await claimOf(mortal, running))?.node_id).toBe(mortal.context.node.nodeId);
  await mortal.run("claim-jobs");
  await hasStarted(jobId);
  for (const id of [jobId, running]) release(id);
  expect(await waitForJob(mortal.api, jobId)).toMatchObject({ status: "COMPLETED", attempt: 1 });
  expect(await waitForJob(mortal.api, running)).toMatchObject({ status: "COMPLETED", attempt: 1 });
  expect(await mortal.database.sql`select * from job_attempt`).toEqual([]);
});

test("a held job of a schedule is let go when the one before it is given up with its node", async () => {
  const { mortal, rescuer, clock, live } = await startTwoNodes();
  await clock.set("2037-11-24T11:59:55Z");
  await mortal.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "tick",
      jobType: "hanging",
      options: { retry: { onWorkerLost: "fail" } },
      schedule: { cron: "* * * * *", overlap: "queueOne" },
    },
  });
  await live(5, mortal, rescuer);
  await rescuer.run("fire-schedules");
  await mortal.run("claim-jobs");
  await live(60, rescuer);
  await rescuer.run("fire-schedules");
  const jobs = async () => {
    const { jobs } = await mortal.api.jobs.list({ jobDefinitionCode: "tick" });
    return jobs.map((job) => job.error?.code ?? job.waitingFor ?? job.phase);
  };
  expect(await jobs()).toEqual(["overlap", "RUNNING"]);
  await rescuer.run("rescue-jobs");
  // By the end itself: the sweep does not run here.
  await expect.poll(jobs).toEqual(["slot", "WORKER_LOST"]);
});
