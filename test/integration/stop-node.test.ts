import { once } from "node:events";
import { Agent, get } from "node:http";
import { connect } from "node:net";
import { expect, test } from "vitest";
import { createGatedType } from "../support/gated-job-type.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { keepLog } from "../support/log.ts";
import { startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

test("a stopping node lets jobs end within the grace, hands the others back at once and takes no new ones", async () => {
  const { type, started, end } = createGatedType();
  const node = await startTestNode({ services: "byHand" });
  const leaving = await startTestNode({ with: node, jobTypes: [type] });
  const short = await leaving.api.jobTypes.execute("gated", { params: {} });
  const long = await leaving.api.jobTypes.execute("hanging", { params: {} });
  await started(short.jobId);
  await hasStarted(long.jobId);

  const stopping = leaving.stop(1_000);
  expect(await (await fetch(`${leaving.origin}/readyz`)).json()).toMatchObject({ checks: { node: "draining" } });
  const late = await leaving.api.jobTypes.execute("echo", { params: {} });
  end(short.jobId, { ended: "in time" });
  await stopping;

  const { api } = node;
  expect(await api.jobs.get(short.jobId)).toMatchObject({ status: "COMPLETED", result: { ended: "in time" } });
  expect(await api.jobs.get(long.jobId)).toMatchObject({ status: "STARTED", phase: "QUEUED", attempt: 0 });
  expect(await api.jobs.get(late.jobId)).toMatchObject({ status: "STARTED", phase: "QUEUED" });
  expect(await node.database.sql`select outcome, attempt from job_attempt`).toEqual([
    { outcome: "HANDED_BACK", attempt: 1 },
  ]);
  expect(await node.database.sql`select node_id from node`).toEqual([{ node_id: node.context.node.nodeId }]);
  await expect(fetch(`${leaving.origin}/readyz`)).rejects.toThrow("fetch failed");

  await node.run("claim-jobs");
  await hasStarted(long.jobId);
  release(long.jobId);
  expect(await waitForJob(api, long.jobId)).toMatchObject({ status: "COMPLETED", attempt: 1 });
});

test("what a run reports after its job was handed back is dropped", async () => {
  const [leavingType, stayingType] = [createGatedType(), createGatedType()];
  const node = await startTestNode({ services: "byHand", jobTypes: [stayingType.type] });
  const leaving = await startTestNode({ services: "byHand", with: node, jobTypes: [leavingType.type] });
  const { jobId } = await leaving.api.jobTypes.execute("gated", { params: {} });
  await leaving.run("claim-jobs");
  await leavingType.started(jobId);
  await leaving.stop(0);
  leavingType.end(jobId, { by: "the node that stopped" });

  await node.run("claim-jobs");
  await stayingType.started(jobId);
  stayingType.end(jobId, { by: "the node that stays" });
  expect(await waitForJob(node.api, jobId)).toMatchObject({ result: { by: "the node that stays" }, attempt: 1 });
});

test("a node may run a job that it had lost while its lost run is still under way; only the later run counts", async () => {
  const { type, started, runs, end } = createGatedType();
  const node = await startTestNode({ services: "byHand", jobTypes: [type] });
  const { jobId } = await node.api.jobTypes.execute("gated", { params: {} });
  await node.run("claim-jobs");
  await started(jobId);
  await node.database.sql`update job_queue set state = 'ready', claim = null, node_id = null`;
  await node.run("claim-jobs");
  expect(runs()).toBe(2);
  expect(node.running()).toBe(2);

  end(jobId, { run: 2 });
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED", result: { run: 2 } });
  await expect.poll(() => node.running()).toBe(1);
  await node.stop(0);
  expect(await node.database.sql`select outcome from job_attempt`).toEqual([]);
});

test("a second stop waits for the first, and neither logs an error", async () => {
  const { log, messages } = keepLog();
  const node = await startTestNode({ log });
  await Promise.all([node.stop(0), node.stop(0)]);
  await expect(fetch(`${node.origin}/healthz`)).rejects.toThrow("fetch failed");
  expect(messages()).toEqual([]);
});

test("a client that does not finish its request does not hold a stopping node", async () => {
  const node = await startTestNode();
  const socket = connect(Number(new URL(node.origin).port), "127.0.0.1");
  const closed = once(socket, "close");
  const common = `Host: node\r\nAuthorization: Bearer ${node.apiKey}\r\nX-Customer-Code: demo\r\n`;
  // In one piece: when the first request is answered, the head of the second has been read.
  socket.write(
    `GET /healthz HTTP/1.1\r\n${common}\r\n` +
      `POST /vue/_api/v1/job-types/echo/_execute HTTP/1.1\r\n${common}` +
      'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"params":',
  );
  expect(String((await once(socket, "data"))[0])).toContain("HTTP/1.1 200 OK");

  const from = performance.now();
  await node.stop(0);
  expect(performance.now() - from).toBeLessThan(10_000);
  await closed;
});

/** Asks again and again on kept-alive connections until it is told to go elsewhere. @returns what the connection met */
async function askUntilSentAway(agent: Agent, url: string, answered: () => void): Promise<string> {
  for (;;) {
    const asked = get(url, { agent });
    const [answer] = await once(asked, "response");
    answer.resume();
    await once(answer, "end");
    answered();
    if (answer.headers.connection === "close") return "sent away";
  }
}

test("clients under load are sent away before their connections are closed", async () => {
  const node = await startTestNode();
  const agent = new Agent({ keepAlive: true });
  let answers = 0;
  const answered = (): void => {
    answers += 1;
  };
  const addresses = ["/healthz", "/readyz", "/nothing", "/vue/_api/v1/jobs", "/%ZZ"];
  const clients = Array.from({ length: 20 }, (_, index) =>
    askUntilSentAway(agent, node.origin + addresses[index % addresses.length], answered),
  );
  await expect.poll(() => answers, { timeout: 10_000 }).toBeGreaterThan(100);
  const from = performance.now();
  await node.stop(10_000);
  expect(performance.now() - from).toBeLessThan(5_000);
  expect(await Promise.all(clients)).toEqual(Array(20).fill("sent away"));
  agent.destroy();
});
