import { expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { addCustomer } from "../support/customers.ts";
import { createGatedType } from "../support/gated-job-type.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

/** A node with two slots that claims two more jobs of `demo`, and tells when one has waited in vain. */
async function startAheadNode(slots = 2) {
  const { type, ...gate } = createGatedType();
  let inVain = 0;
  const claimAhead = {
    left: () => undefined,
    claimed: () => undefined,
    inVain: () => {
      inVain += 1;
    },
    most: () => new Map(inVain === 0 ? [["demo", 2]] : []),
  };
  const flags = { "worker-slots": String(slots) };
  const node = await startTestNode({ services: "byHand", jobTypes: [type], claimAhead, flags });
  return { node, gate, inVain: () => inVain };
}

async function makeGated({ api }: TestNode, jobs: number): Promise<string[]> {
  const ids: string[] = [];
  for (let n = 0; n < jobs; n += 1) ids.push((await api.jobTypes.execute("gated", { params: {} })).jobId);
  return ids;
}

const queue = ({ database }: TestNode) =>
  database.sql<{ state: string; runs: number }[]>`select state, runs from job_queue order by id`;

test("a job that was claimed ahead begins when a slot is left, without another claim, and counts from then", async () => {
  const { node, gate } = await startAheadNode();
  const [first = "", second = "", third = "", , fifth = ""] = await makeGated(node, 5);
  await node.run("claim-jobs");
  expect(node.running()).toBe(4);
  expect(gate.runs()).toBe(2);

  const claimed = await node.api.jobs.get(second);
  gate.end(first, {});
  await gate.started(third);
  gate.end(third, {});
  const { startedAt, queueMs, createdAt } = await waitForJob(node.api, third);
  expect(Date.parse(startedAt ?? "")).toBeGreaterThan(Date.parse(claimed.startedAt ?? ""));
  expect(queueMs).toBe(Date.parse(startedAt ?? "") - Date.parse(createdAt));
  expect(await node.api.jobs.get(fifth)).toMatchObject({ phase: "QUEUED", startedAt: null });
});

test("a job that has waited a quarter of a second for a slot goes back as though it had never been claimed", async () => {
  const { node, gate, inVain } = await startAheadNode();
  await makeGated(node, 4);
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(2);
  await expect
    .poll(() => queue(node))
    .toEqual(["claimed", "claimed", "ready", "ready"].map((state) => ({ state, runs: state === "ready" ? 0 : 1 })));
  expect(await node.database.sql`select from job_attempt`).toHaveLength(0);
  expect(inVain()).toBe(1);
  await node.run("claim-jobs");
  expect(node.running()).toBe(2);
  expect(gate.runs()).toBe(2);
});

test("a job that is cancelled before it has a slot never runs", async () => {
  const { node, gate } = await startAheadNode();
  const [, , third = ""] = await makeGated(node, 3);
  await node.run("claim-jobs");
  await node.api.jobs.cancel(third);
  const job = { status: "FAILED", error: { code: "CANCELLED" }, attempt: 0, startedAt: null };
  expect(await waitForJob(node.api, third)).toMatchObject(job);
  expect((await node.api.jobs.attempts(third)).attempts).toEqual([]);
  expect(gate.runs()).toBe(2);
});

test("a node that stops begins nothing that it has claimed ahead", async () => {
  const { node, gate } = await startAheadNode();
  const [first = "", second = ""] = await makeGated(node, 4);
  await node.run("claim-jobs");
  const stopped = node.stop(5_000);
  gate.end(first, {});
  gate.end(second, {});
  await stopped;
  expect(gate.runs()).toBe(2);
  expect(await queue(node)).toEqual([
    { state: "ready", runs: 0 },
    { state: "ready", runs: 0 },
  ]);
});

test("what is claimed ahead takes no slot beyond the customer's part, and none from another", async () => {
  const { node, gate } = await startAheadNode(4);
  const { origin, ...caller } = await addCustomer(node, "other");
  const [first = "", second = "", , fourth = ""] = await makeGated(node, 9);
  await node.run("claim-jobs");
  expect(node.running()).toBe(5);
  expect(gate.runs()).toBe(3);

  const other = await createClient({ baseUrl: origin, ...caller }).jobTypes.execute("gated", { params: {} });
  await node.run("claim-jobs");
  await gate.started(other.jobId);
  expect(gate.runs()).toBe(4);

  // Three quarters of what the other leaves free are two.
  gate.end(first, {});
  await waitForJob(node.api, first);
  await node.run("claim-jobs");
  expect(gate.runs()).toBe(4);
  gate.end(second, {});
  await waitForJob(node.api, second);
  await node.run("claim-jobs");
  await gate.started(fourth);
  expect(gate.runs()).toBe(5);
});
