/** Calls that wait for work at the other end, on a real node: they hold no slot, and many wait at once. */
import { expect, onTestFinished, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { startScriptedService } from "../support/scripted-service.ts";
import { countRows } from "../support/stored-rows.ts";

/** Takes work with a 202, and has done it when it is asked for the third time. */
async function startExports() {
  const service = await startScriptedService(({ url, query, method }, calls) => {
    if (method === "POST") return { status: 202, headers: { location: `/exports/${query.get("id")}` } };
    return { body: { state: calls < 3 ? "running" : "done", id: url.split("/").at(-1) } };
  });
  onTestFinished(() => service.close());
  return service;
}

const waitFor = { until: 'body.state = "done"', intervalSeconds: 60 };

async function claim(node: TestNode): Promise<void> {
  for (const service of ["heartbeat", "promote-jobs", "claim-jobs"]) await node.run(service);
  await expect.poll(() => node.running(), { timeout: 30_000 }).toBe(0);
}

test("between two questions the job is WAITING without a slot, and goes on in the same attempt", async () => {
  const service = await startExports();
  const flags = { "egress-allow": "127.0.0.1", "worker-slots": "1" };
  const node = await startTestNode({ services: "byHand", flags });
  const clock = fakeClock(node.database);
  await clock.set(new Date());
  const params = { url: `${service.origin}/exports?id=7`, method: "POST", waitFor };
  const { jobId } = await node.api.jobTypes.execute("callWebserviceEndpoint", { params });

  await claim(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "WAITING", waitingFor: "timer", attempt: 1 });
  expect(node.running()).toBe(0);
  const other = await node.api.jobTypes.execute("echo", { params: {} });
  await claim(node);
  expect(await node.api.jobs.get(other.jobId)).toMatchObject({ status: "COMPLETED" });

  for (let question = 1; question <= 3; question++) {
    expect(await node.api.jobs.get(jobId)).toMatchObject({ phase: "WAITING" });
    // The clock of the node has gone on since that of the database was set.
    await clock.advance(120_000);
    await claim(node);
  }
  expect(await node.api.jobs.get(jobId)).toMatchObject({
    status: "COMPLETED",
    attempt: 1,
    result: { status: 200, body: { state: "done", id: "7" }, polls: 3 },
  });
  expect(service.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET", "GET"]);
});

test("one that is cancelled while it waits asks no more", async () => {
  const service = await startExports();
  const node = await startTestNode({ services: "byHand", flags: { "egress-allow": "127.0.0.1" } });
  const clock = fakeClock(node.database);
  await clock.set(new Date());
  const params = { url: `${service.origin}/exports?id=7`, method: "POST", waitFor };
  const { jobId } = await node.api.jobTypes.execute("callWebserviceEndpoint", { params });
  await claim(node);
  await node.api.jobs.cancel(jobId);
  await clock.advance(120_000);
  await claim(node);
  expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "FAILED", error: { code: "CANCELLED" } });
  expect(service.requests).toHaveLength(1);
});

test("a thousand wait at once on ten slots, and all end", async () => {
  const service = await startExports();
  const node = await startTestNode({ flags: { "egress-allow": "127.0.0.1", "worker-slots": "10" } });
  const count = 1_000;
  for (let first = 0; first < count; first += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => {
        const url = `${service.origin}/exports?id=${first + at}`;
        const params = { url, method: "POST", waitFor: { ...waitFor, intervalSeconds: 1 } };
        return node.api.jobTypes.execute("callWebserviceEndpoint", { params });
      }),
    );
  }
  await expect.poll(() => countRows(node.database).then((rows) => rows.job_queue), { timeout: 90_000 }).toBe(0);
  const { jobs } = await node.api.jobs.list({ status: "COMPLETED", limit: 200 });
  expect(jobs).toHaveLength(200);
  const questions = service.requests.filter(({ method }) => method === "GET");
  expect(questions).toHaveLength(3 * count);
  expect(new Set(questions.map(({ url }) => url)).size).toBe(count);
}, 120_000);
