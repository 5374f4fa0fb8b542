import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { limitCustomer } from "../../src/domain/limit-customer.ts";
import { addCustomer } from "../support/customers.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const definition = (code: string, options: object, jobType = "hanging") => ({
  jobDefinition: { jobDefinitionCode: code, jobType, params: {}, options },
});

/** How many of the jobs are in each phase. */
async function phases({ api }: TestNode, jobIds: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const jobId of jobIds) {
    const { phase, waitingFor } = await api.jobs.get(jobId);
    const name = phase === "QUEUED" ? `QUEUED for ${waitingFor}` : phase;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function execute(node: TestNode, code: string, count: number, params?: object): Promise<string[]> {
  const jobIds: string[] = [];
  for (let n = 0; n < count; n += 1) {
    jobIds.push((await node.api.jobDefinitions.execute(code, params ? { params: { ...params } } : {})).jobId);
  }
  return jobIds;
}

test("maxConcurrent holds jobs back, and the end of one lets the next through, by age", async () => {
  const node = await startTestNode();
  await node.api.jobDefinitions.create(definition("two", { maxConcurrent: 2 }));
  const jobIds = await execute(node, "two", 5);
  const [first = "", second = "", third = "", ...rest] = jobIds;
  await Promise.all([first, second].map(hasStarted));
  expect(await phases(node, jobIds)).toEqual({ RUNNING: 2, "QUEUED for definitionLimit": 3 });

  release(first);
  await hasStarted(third);
  expect(await phases(node, jobIds)).toEqual({ DONE: 1, RUNNING: 2, "QUEUED for definitionLimit": 2 });
  for (const jobId of [second, third, ...rest]) {
    await hasStarted(jobId);
    release(jobId);
    await waitForJob(node.api, jobId);
  }
});

test("maxConcurrent is read live: for jobs in the queue too, up and down", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create(definition("live", {}));
  const jobIds = await execute(node, "live", 6);
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 6 });

  const limit = (maxConcurrent: number | null) =>
    node.api.jobDefinitions.change("live", { jobDefinition: { options: { maxConcurrent } } });
  await limit(2);
  await node.run("admit-jobs");
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 2, "QUEUED for definitionLimit": 4 });
  await limit(1);
  await node.run("admit-jobs");
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 1, "QUEUED for definitionLimit": 5 });
  await limit(null);
  await node.run("admit-jobs");
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 6 });
});

test("a deleted definition limits nothing any more", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create(definition("gone", { maxConcurrent: 1 }));
  const jobIds = await execute(node, "gone", 3);
  await node.run("admit-jobs");
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 1, "QUEUED for definitionLimit": 2 });
  await node.api.jobDefinitions.delete("gone");
  await node.run("admit-jobs");
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 3 });
});

test("jobs with one concurrencyKey run one at a time, whichever definitions made them; others run beside them", async () => {
  const node = await startTestNode();
  const key = { concurrencyKey: "shop-{{params.shop}}" };
  for (const code of ["a", "b"]) await node.api.jobDefinitions.create(definition(code, key));
  const [north = "", northToo = ""] = [
    ...(await execute(node, "a", 1, { shop: "north" })),
    ...(await execute(node, "b", 1, { shop: "north" })),
  ];
  const [south = ""] = await execute(node, "a", 1, { shop: "south" });
  await Promise.all([north, south].map(hasStarted));
  expect(await phases(node, [north, northToo, south])).toEqual({ RUNNING: 2, "QUEUED for definitionLimit": 1 });
  release(north);
  await hasStarted(northToo);
  for (const jobId of [northToo, south]) release(jobId);
  await waitForJob(node.api, northToo);
});

test("limits of a customer, and of one of its types, hold for it alone", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { database, clock } = node.context;
  await limitCustomer(database, clock, "demo", { maxConcurrent: 3 });
  await limitCustomer(database, clock, "demo", { maxConcurrent: 1, jobType: "hanging" });
  const run = (type: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, () => node.api.jobTypes.execute(type, { params: {} }).then(({ jobId }) => jobId)),
    );
  const hanging = await run("hanging", 3);
  const echoes = await run("echo", 3);
  await node.run("admit-jobs");
  expect(await phases(node, hanging)).toEqual({ "QUEUED for slot": 1, "QUEUED for customerLimit": 2 });
  expect(await phases(node, echoes)).toEqual({ "QUEUED for slot": 2, "QUEUED for customerLimit": 1 });

  const { origin, ...caller } = await addCustomer(node, "other");
  const other = createClient({ baseUrl: origin, ...caller });
  const { jobId } = await other.jobTypes.execute("hanging", { params: {} });
  expect(await other.jobs.get(jobId)).toMatchObject({ phase: "QUEUED", waitingFor: "slot" });

  await limitCustomer(database, clock, "demo", { maxConcurrent: null });
  await node.run("admit-jobs");
  expect(await phases(node, [...hanging, ...echoes])).toEqual({ "QUEUED for slot": 4, "QUEUED for customerLimit": 2 });
});

test("a retry, a cancel and a job that is due all go through admission", async () => {
  const node = await startTestNode();
  await node.api.jobDefinitions.create(definition("one", { maxConcurrent: 1 }));
  const [running = "", waiting = "", last = ""] = await execute(node, "one", 3);
  await hasStarted(running);
  await node.api.jobs.cancel(waiting);
  await node.api.jobs.cancel(running);
  await hasStarted(last);
  const runAt = new Date(Date.now() + 50).toISOString();
  const { jobId } = await node.api.jobDefinitions.execute("one", { runAt });
  await waitForJob(node.api, jobId, (job) => job.waitingFor === "definitionLimit");
  release(last);
  await hasStarted(jobId);
  release(jobId);
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED" });
});

test("two nodes that admit, claim and finish at once never exceed a limit", async () => {
  const first = await startTestNode();
  const second = await startTestNode({ with: first });
  await first.api.jobDefinitions.create(definition("tight", { maxConcurrent: 3 }, "echo"));
  const nodes = [first, second];
  const jobIds = await Promise.all(
    Array.from({ length: 120 }, async (_, n) => {
      const { jobId } = await (nodes[n % 2] ?? first).api.jobDefinitions.execute("tight");
      return jobId;
    }),
  );
  for (const jobId of jobIds) {
    const [row] = await first.database.sql<{ held: number }[]>`
      select count(*)::integer as held from job_queue where state in ('ready', 'claimed')`;
    expect(row?.held).toBeLessThanOrEqual(3);
    expect(await waitForJob(first.api, jobId)).toMatchObject({ status: "COMPLETED" });
  }
});

test("a customer whose queue is full is told to come back, and others are not", async () => {
  const node = await startTestNode({ services: "byHand" });
  await limitCustomer(node.context.database, node.context.clock, "demo", { maxQueued: 2 });
  const executeFirst = () => node.api.jobTypes.execute("echo", { params: {} }, { idempotencyKey: "first" });
  const first = await executeFirst();
  await node.api.jobTypes.execute("echo", { params: {} });
  await node.run("measure-queues");
  const refused = { problem: { status: 429, code: "RATE_LIMITED" } };
  await expect(node.api.jobTypes.execute("echo", { params: {} })).rejects.toMatchObject(refused);
  // It is in the queue: whoever asks again after a lost answer is told so.
  expect(await executeFirst()).toEqual(first);
  const { origin, ...caller } = await addCustomer(node, "other");
  await createClient({ baseUrl: origin, ...caller }).jobTypes.execute("echo", { params: {} });

  await node.api.jobs.cancel(first.jobId);
  await node.run("measure-queues");
  await node.api.jobTypes.execute("echo", { params: {} });
});

test("hundreds of jobs that their own limit holds do not hide those behind them that have room", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { database, clock } = node.context;
  await limitCustomer(database, clock, "demo", { maxConcurrent: 2 });
  await node.api.jobDefinitions.create(definition("stuck", { maxConcurrent: 1, priority: 1 }));
  await Promise.all(Array.from({ length: 600 }, () => node.api.jobDefinitions.execute("stuck")));
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  await node.run("admit-jobs");
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "QUEUED", waitingFor: "slot" });
});

test("a job that was being inserted while its limit was set is found and limited", async () => {
  const node = await startTestNode({ services: "byHand" });
  await node.api.jobDefinitions.create(definition("raced", { maxConcurrent: 1 }));
  const jobIds = await execute(node, "raced", 3);
  // What the race leaves behind: rows that know of no limit.
  await node.database.sql`update job_queue set limited = false, state = 'ready'`;
  await node.run("admit-jobs");
  expect(await phases(node, jobIds)).toEqual({ "QUEUED for slot": 1, "QUEUED for definitionLimit": 2 });
});
