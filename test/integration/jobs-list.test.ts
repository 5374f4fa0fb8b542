/** `GET /jobs`: its filters, its order and its pages. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { sender } from "../support/http.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let clock: FakeClock;
/** Made in this order, over three days. */
const made: string[] = [];

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  clock = fakeClock(node.database);
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "d", jobType: "echo" } });
  for (const time of ["2026-11-23T23:59:59.500Z", "2026-11-24T00:00:00Z", "2026-11-25T12:00:00Z"]) {
    await clock.set(time);
    await node.run("heartbeat");
    // At once, so that they go in few batches: jobs of one batch have one time, and still an order.
    const jobs = await Promise.all(Array.from({ length: 90 }, () => node.api.jobTypes.execute("echo", {})));
    made.push(...jobs.map(({ jobId }) => jobId).sort());
  }
});
afterAll(() => node.close());

type Query = Parameters<Client["jobs"]["list"]>[0];

async function listed(query: Query = {}): Promise<string[]> {
  return (await node.api.jobs.list({ limit: 200, ...query })).jobs.map((job) => job.jobId);
}

test("newest first, in pages that neither repeat nor skip, also across days and while jobs are added", async () => {
  const newestFirst = made.toReversed();
  const pages: string[][] = [];
  let cursor: string | null | undefined;
  do {
    const page = await node.api.jobs.list(cursor ? { limit: 75, cursor } : { limit: 75 });
    pages.push(page.jobs.map((job) => job.jobId));
    cursor = page.nextCursor;
    if (pages.length === 1) {
      const { jobId } = await node.api.jobTypes.execute("echo", {});
      made.push(jobId);
    }
  } while (cursor);
  expect(pages.map((page) => page.length)).toEqual([75, 75, 75, 45]);
  expect(pages.flat()).toEqual(newestFirst);
});

test("50 unless said otherwise, without params and result", async () => {
  const { jobs, nextCursor } = await node.api.jobs.list();
  expect(jobs).toHaveLength(50);
  expect(nextCursor).not.toBeNull();
  const answer = await sender(node)("GET", "/jobs?limit=1");
  expect(answer.text).not.toContain('"params"');
  expect(answer.text).not.toContain('"result"');
});

test("createdAfter and createdBefore exclude their own moment, and work with what was answered", async () => {
  const [first, , third] = [made.slice(0, 90), made.slice(90, 180), made.slice(180, 270)];
  const midnight = "2026-11-24T00:00:00.000Z";
  expect((await listed({ createdBefore: midnight })).sort()).toEqual(first);
  expect(await listed({ createdAfter: midnight, createdBefore: "2026-11-25T12:00:00Z" })).toEqual([]);
  expect((await listed({ createdAfter: midnight })).sort()).toEqual(expect.arrayContaining(third));
  const shifted = await listed({ createdAfter: "2026-11-23T20:00:00-05:00", createdBefore: "2026-11-25T00:00:00Z" });
  expect(shifted).toEqual([]);
  expect(
    await listed({ createdAfter: "2026-11-24T01:00:00+01:00", createdBefore: "2026-11-24T00:00:00.001Z" }),
  ).toEqual([]);
  expect(
    await listed({ createdAfter: "2026-11-23T23:59:59.999Z", createdBefore: "2026-11-24T00:00:00.001Z" }),
  ).toHaveLength(90);
});

test("createdAfter of the newest job's own createdAt does not list it again, though the database knows its microseconds", async () => {
  const other = await startTestNode({ services: "byHand" });
  await other.database.sql`insert into test_clock values ('2026-11-24T10:00:00.123789Z')`;
  const { jobId } = await other.api.jobTypes.execute("echo", {});
  const { createdAt } = await other.api.jobs.get(jobId);
  expect(createdAt).toBe("2026-11-24T10:00:00.123Z");
  expect((await other.api.jobs.list({ createdAfter: createdAt })).jobs).toEqual([]);
  expect((await other.api.jobs.list({ createdAfter: "2026-11-24T10:00:00.122Z" })).jobs).toHaveLength(1);
});

test("by definition, type and trigger, alone and together", async () => {
  const { jobId } = await node.api.jobDefinitions.execute("d");
  expect(await listed({ jobDefinitionCode: "d" })).toEqual([jobId]);
  expect(await listed({ jobDefinitionCode: "d", jobType: "echo", trigger: "api", status: "STARTED" })).toEqual([jobId]);
  expect(await listed({ jobDefinitionCode: "d", jobType: "hanging" })).toEqual([]);
  expect(await listed({ jobDefinitionCode: "D" })).toEqual([]);
  expect(await listed({ trigger: "schedule" })).toEqual([]);
  expect(await listed({ jobType: "echo", createdBefore: "2026-11-24T00:00:00Z" })).toHaveLength(90);
});

test("a filter's pages are its own", async () => {
  const query = { createdBefore: "2026-11-24T00:00:00Z", limit: 50 };
  const first = await node.api.jobs.list(query);
  if (first.nextCursor === null) throw new Error("the list should go on");
  const second = await node.api.jobs.list({ ...query, cursor: first.nextCursor });
  expect([first.jobs.length, second.jobs.length, second.nextCursor]).toEqual([50, 40, null]);
});

test("by status and phase, and every job has the phase under which it is listed", async () => {
  const busy = await startTestNode();
  const { api } = busy;
  const { jobId: done } = await api.jobTypes.execute("echo", {});
  const { jobId: failed } = await api.jobTypes.execute("failing", { params: { times: 9, retryable: false } });
  const retry = { maxAttempts: 2, initialSeconds: 3600 };
  const { jobId: retrying } = await api.jobTypes.execute("failing", {
    params: { times: 9, retryable: true },
    options: { retry },
  });
  const { jobId: running } = await api.jobTypes.execute("hanging", {});
  const runAt = new Date(Date.now() + 3_600_000).toISOString();
  const { jobId: scheduled } = await api.jobTypes.execute("echo", { runAt });
  await Promise.all([waitForJob(api, done), waitForJob(api, failed), hasStarted(running)]);
  await waitForJob(api, retrying, (job) => job.phase === "RETRYING");

  const ids = async (query: Query): Promise<string[]> =>
    (await api.jobs.list(query)).jobs.map((job) => job.jobId).sort();
  expect(await ids({ status: "COMPLETED" })).toEqual([done]);
  expect(await ids({ status: "FAILED" })).toEqual([failed]);
  expect(await ids({ status: "STARTED" })).toEqual([retrying, running, scheduled].sort());
  for (const [phase, expected] of [
    ["DONE", [done, failed]],
    ["RETRYING", [retrying]],
    ["RUNNING", [running]],
    ["SCHEDULED", [scheduled]],
    ["QUEUED", []],
    ["WAITING", []],
  ] as const) {
    const { jobs } = await api.jobs.list({ phase });
    expect(jobs.map((job) => job.jobId).sort(), phase).toEqual([...expected].sort());
    for (const job of jobs) expect(job.phase).toBe(phase);
  }
  const { jobs } = await api.jobs.list({ status: "FAILED" });
  expect(jobs[0]?.error).toMatchObject({ code: "CONNECTION_LOST", details: {} });
  release(running);
});

test("a page looks through ten thousand jobs at most, and says where to go on", async () => {
  const other = await startTestNode({ services: "byHand" });
  const { jobId } = await other.api.jobTypes.execute("failing", { params: { times: 1, retryable: false } });
  await other.database.sql`
    insert into job (day, id, customer_code, job_type, params, options, priority, max_attempts, trigger_kind, status, created_at, run_at)
    select (app_now() at time zone 'UTC')::date, ('ffff0000-0000-7000-8000-' || lpad(place::text, 12, '0'))::uuid, 'demo', 'echo', '{}',
           '{}', 5, 1, 'api', 'COMPLETED', app_now(), app_now()
      from generate_series(1, 10001) place`;
  const pages: number[] = [];
  let found: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Awaited<ReturnType<Client["jobs"]["list"]>> = await other.api.jobs.list({
      jobType: "failing",
      ...(cursor && { cursor }),
    });
    pages.push(page.jobs.length);
    found = [...found, ...page.jobs.map((job) => job.jobId)];
    cursor = page.nextCursor;
  }
  expect(pages).toEqual([0, 1]);
  expect(found).toEqual([jobId]);
  // What has not ended is found in the queue, and the jobs of a definition by its index, however many others there are.
  expect((await other.api.jobs.list({ status: "STARTED" })).jobs.map((job) => job.jobId)).toEqual([jobId]);
  await other.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "rare", jobType: "echo" } });
  const { jobId: rare } = await other.api.jobDefinitions.execute("rare");
  await other.database.sql`
    update job set status = 'COMPLETED', finished_at = app_now() where id = ${rare.slice(9)}`;
  const byDefinition = await other.api.jobs.list({ jobDefinitionCode: "rare", status: "COMPLETED" });
  expect(byDefinition.jobs.map((job) => job.jobId)).toEqual([rare]);
});

test("another customer's jobs are in nobody else's list", async () => {
  const other = await addCustomer(node, "other");
  const { body } = await sender(other)("GET", "/jobs");
  expect(body).toEqual({ jobs: [], nextCursor: null });
});
