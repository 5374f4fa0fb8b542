import { expect, test, vi } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { addCustomer } from "../support/customers.ts";
import { createGatedType } from "../support/gated-job-type.ts";
import { misbehaving } from "../support/misbehaving-job-type.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a job runs and its result is kept", async () => {
  const { api } = await startTestNode();
  const { jobId } = await api.jobTypes.execute("echo", { params: { hello: "world" } });
  const job = await waitForJob(api, jobId);
  expect(job).toMatchObject({ status: "COMPLETED", phase: "DONE", attempt: 1, result: { hello: "world" } });
});

/** What a job that misbehaves comes to. */
const ends: readonly [params: Record<string, string>, job: object][] = [
  [{ returns: "undefined" }, { status: "COMPLETED", result: null }],
  [{ returns: "control" }, { status: "COMPLETED", result: { "a\ufffdb": "x\ufffdy", lone: "\ufffd", pair: "😀" } }],
  [{ returns: "250 levels" }, { status: "COMPLETED" }],
  [{ returns: "bigint" }, invalidResult(/BigInt/)],
  [{ returns: "cycle" }, invalidResult(/circular/)],
  [{ returns: "100,000 levels" }, invalidResult(/call stack/)],
  [{ returns: "4,000 levels" }, invalidResult(/deeper than 250 levels/)],
  [{ returns: "40 MiB" }, invalidResult(/more than 16777216 bytes of JSON/)],
  [{ returns: "a throwing toJSON" }, invalidResult(/no JSON of this/)],
  [{ throws: "a string" }, jobTypeError("The job threw just a string")],
  [{ throws: "null" }, jobTypeError("The job threw null")],
  [{ throws: "undefined" }, jobTypeError("The job threw undefined")],
  [{ throws: "a frozen object" }, jobTypeError("The job threw [object Object]")],
  [{ throws: "an object without a prototype" }, jobTypeError("The job threw something that cannot be described")],
  [{ throws: "a thing that refuses every question" }, jobTypeError("The job threw something that cannot be described")],
  [{ throws: "an error whose message is a number" }, jobTypeError("The job threw something that cannot be described")],
  [{ throws: "an error with NUL" }, jobTypeError("Error: x\ufffdy \ufffd")],
  [{ throws: "an error of 20 MiB" }, jobTypeError(expect.stringMatching(/^Error: x{9000,10000}$/))],
  [{ throws: "details that are no JSON" }, httpStatus({ omitted: expect.stringContaining("BigInt") })],
  [{ throws: "details of 20 MiB" }, httpStatus({ omitted: expect.stringContaining("more than 2097152 bytes") })],
  [{ throws: "a pause without end" }, httpStatus({})],
  [{ throws: "a pause that is no number" }, httpStatus({})],
];

function invalidResult(message: RegExp): object {
  return { status: "FAILED", result: null, error: { code: "INVALID_RESULT", message: expect.stringMatching(message) } };
}

function jobTypeError(message: unknown): object {
  return { status: "FAILED", error: { code: "JOB_TYPE_ERROR", message } };
}

function httpStatus(details: object): object {
  return { status: "FAILED", error: { code: "HTTP_STATUS", details } };
}

test("whatever a job returns or throws, it ends, says why, and its neighbours of the same batches end well", async () => {
  const node = await startTestNode({ services: "byHand", jobTypes: [misbehaving] });
  const { api } = node;
  const options = { retry: { maxAttempts: 2, initialSeconds: 0, maxSeconds: 0 } };
  const bad = await Promise.all(ends.map(([params]) => api.jobTypes.execute("misbehaving", { params, options })));
  const good = await Promise.all(ends.map((_, n) => api.jobTypes.execute("echo", { params: { n } })));

  // Twice, because some of the failures are retryable.
  for (let attempt = 1; attempt <= 2; attempt += 1) {
    await node.run("claim-jobs");
    await expect.poll(() => node.running(), { timeout: 10_000 }).toBe(0);
    await node.run("promote-jobs");
  }

  for (const [index, { jobId }] of bad.entries()) {
    const [params, expected] = ends[index] ?? [];
    const job = await api.jobs.get(jobId);
    expect(job, JSON.stringify(params)).toMatchObject({ phase: "DONE", ...expected });
  }
  for (const [n, { jobId }] of good.entries()) {
    expect(await api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", result: { n }, attempt: 1 });
  }
});

test("a job whose type this node does not know fails by name", async () => {
  const node = await startTestNode({ services: "byHand", jobTypes: [misbehaving] });
  const { jobId } = await node.api.jobTypes.execute("misbehaving", { params: { returns: "undefined" } });
  const other = await startTestNode({ services: "byHand", with: node });
  await other.run("claim-jobs");
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "FAILED", error: { code: "JOB_TYPE_NOT_FOUND" } });
});

test("claims are fair among customers, and within one go by priority, then age", async () => {
  const { type, started, end, runs } = createGatedType();
  const node = await startTestNode({ services: "byHand", jobTypes: [type], flags: { "worker-slots": "8" } });
  const clients = { a: node.api, b: node.api, c: node.api };
  for (const code of ["b", "c"] as const) {
    const { origin, ...caller } = await addCustomer(node, code);
    clients[code] = createClient({ baseUrl: origin, ...caller });
  }
  const create = (customer: keyof typeof clients, priority = 5) =>
    clients[customer].jobTypes.execute("gated", { params: {}, priority }).then(({ jobId }) => jobId);

  const crowd: string[] = [];
  for (let n = 0; n < 12; n += 1) crowd.push(await create("a"));
  const urgent = await create("a", 1);
  const patient = await create("a", 9);
  const others = [await create("b"), await create("b"), await create("c"), await create("c")];

  // The others' four leave four slots free, of which the crowd may hold three quarters.
  await node.run("claim-jobs");
  const first = [urgent, ...crowd.slice(0, 2), ...others];
  await Promise.all(first.map(started));
  expect(runs()).toBe(7);
  for (const jobId of first) end(jobId, null);
  await expect.poll(() => node.running()).toBe(0);

  // Nobody else waits now; a quarter of all slots stays free for whoever comes.
  const rest = [...crowd.slice(2), patient];
  for (let from = 0; from < rest.length; from += 6) {
    await node.run("claim-jobs");
    const next = rest.slice(from, from + 6);
    await Promise.all(next.map(started));
    expect(runs()).toBe(7 + from + next.length);
    for (const jobId of next) end(jobId, null);
    await expect.poll(() => node.running()).toBe(0);
  }
  expect(await node.api.jobs.get(patient)).toMatchObject({ status: "COMPLETED" });
});

test("a node whose own clock is five minutes fast or slow goes by the database's", async () => {
  for (const offMs of [300_000, -300_000]) {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + offMs });
    try {
      const node = await startTestNode();
      const [row] = await node.database.sql<{ now: string }[]>`select statement_timestamp()::text as now`;
      const now = Date.parse(row?.now ?? "");
      const first = await node.api.jobTypes.execute("echo", { params: {} });
      const job = await waitForJob(node.api, first.jobId);
      expect(Math.abs(Date.parse(job.createdAt) - now)).toBeLessThan(10_000);
      // The time in a UUID of version 7: its first 48 bits.
      const idTime = Number.parseInt(first.jobId.slice(9).replaceAll("-", "").slice(0, 12), 16);
      expect(Math.abs(idTime - now)).toBeLessThan(10_000);
      const soon = new Date(now + 120_000).toISOString();
      const later = await node.api.jobTypes.execute("echo", { params: {}, runAt: soon });
      expect(await node.api.jobs.get(later.jobId)).toMatchObject({ phase: "SCHEDULED", runAt: soon });
      expect(later.jobId > first.jobId).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  }
});

test("a job whose announcement got lost is found by looking once a second", async () => {
  const node = await startTestNode();
  const silent = await startTestNode({ services: "byHand", with: node, flags: { roles: "api" } });
  silent.context.events.removeAllListeners("jobsCreated");
  const { jobId } = await silent.api.jobTypes.execute("echo", { params: {} });
  const from = performance.now();
  await waitForJob(node.api, jobId);
  expect(performance.now() - from).toBeLessThan(5_000);
});
