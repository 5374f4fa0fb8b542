import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { EmbeddedPostgres } from "../../src/embedded-postgres/embedded-postgres.ts";
import { isAlive, makeFolder, postmasterOf, start } from "../../src/embedded-postgres/test-support.ts";
import { untilAllEnded } from "../support/all-jobs.ts";
import { createGatedType } from "../support/gated-job-type.ts";
import { keepLog } from "../support/log.ts";
import { startTestNode, type TestNode, type TestNodeOptions } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const runs = 20;

/** A node on a PostgreSQL of its own, which may be stopped. */
async function startOn({ connection }: EmbeddedPostgres, options: TestNodeOptions): Promise<TestNode> {
  const { host, port, user, database } = connection;
  const url = `postgres:///${database}?host=${host}&port=${port}&user=${user}`;
  return startTestNode({ ...options, flags: { "database-url": url } });
}

async function startGatedRuns(node: TestNode, gated: ReturnType<typeof createGatedType>): Promise<string[]> {
  const created = await Promise.all(
    Array.from({ length: runs }, () => node.api.jobTypes.execute("gated", { params: {} })),
  );
  const ids = created.map(({ jobId }) => jobId);
  await Promise.all(ids.map(gated.started));
  return ids;
}

/** Each job ran once, ended well and kept its own result. */
async function expectAllWritten(node: TestNode, ids: readonly string[], gated: ReturnType<typeof createGatedType>) {
  for (const jobId of ids) {
    expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", attempt: 1, result: { jobId } });
  }
  expect(gated.runs()).toBe(ids.length);
}

test("jobs that end while PostgreSQL is stopped are written when it is back: nothing lost, nothing doubled", async () => {
  const dataDir = await makeFolder();
  const first = await start(dataDir);
  const gated = createGatedType();
  const { log, messages } = keepLog();
  const node = await startOn(first, { jobTypes: [gated.type], log });
  const ids = await startGatedRuns(node, gated);

  await first.stop();
  for (const jobId of ids) gated.end(jobId, { jobId });
  // Several services have met the outage: the heartbeat, which comes every 5 s, and the others each second.
  await expect.poll(() => messages().length, { timeout: 15_000 }).toBeGreaterThan(12);
  expect(node.running()).toBe(runs);

  const from = performance.now();
  await start(dataDir);
  await expect.poll(() => node.running(), { timeout: 10_000 }).toBe(0);
  expect(performance.now() - from).toBeLessThan(8_000);
  await expectAllWritten(node, ids, gated);
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  await waitForJob(node.api, jobId);
}, 60_000);

test("a PostgreSQL that crashes in the middle of transactions takes nobody with it, and is used again at once", async () => {
  const dataDir = await makeFolder();
  const node = await startOn(await start(dataDir), {});
  let state: "busy" | "over" = "busy";
  const outcomes = { written: 0, failed: 0 };
  const { database } = node.context;
  const busy = Array.from({ length: 8 }, async () => {
    while (state === "busy") {
      const work = database.transaction(async (sql) => {
        await sql`select 1`;
        await sql`select pg_sleep(0.005)`;
      });
      await work.then(
        () => (outcomes.written += 1),
        () => (outcomes.failed += 1),
      );
    }
  });
  await expect.poll(() => outcomes.written).toBeGreaterThan(20);
  process.kill(await postmasterOf(dataDir), "SIGKILL");
  await expect.poll(() => outcomes.failed).toBeGreaterThan(0);
  const before = outcomes.written;
  await expect.poll(() => outcomes.written, { timeout: 5_000 }).toBeGreaterThan(before + 20);
  state = "over";
  await Promise.all(busy);
  // Without a word from vitest of unhandled errors, of which it makes a failure.
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  await waitForJob(node.api, jobId);
}, 60_000);

/** A PostgreSQL and its children. */
async function familyOf(postmaster: number): Promise<number[]> {
  const children = await readFile(`/proc/${postmaster}/task/${postmaster}/children`, "utf8");
  return [postmaster, ...children.split(" ").filter(Boolean).map(Number)];
}

test.runIf(process.platform === "linux")(
  "a PostgreSQL that freezes makes the API answer 503 in time, and all is well when it thaws",
  async () => {
    const dataDir = await makeFolder();
    const gated = createGatedType();
    const node = await startOn(await start(dataDir), { jobTypes: [gated.type] });
    const ids = await startGatedRuns(node, gated);
    const family = await familyOf(await postmasterOf(dataDir));

    const ask = async (jobType: string) => {
      const from = performance.now();
      const response = await fetch(`${node.origin}/vue/_api/v1/job-types/${jobType}/_execute`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${node.apiKey}`,
          "x-customer-code": "demo",
          "content-type": "application/json",
        },
        body: '{"params":{}}',
      });
      const { code }: { code?: string } = JSON.parse(await response.text());
      const ms = performance.now() - from;
      return { status: response.status, retryAfter: response.headers.get("retry-after"), code, inTime: ms < 12_000 };
    };
    for (const pid of family) process.kill(pid, "SIGSTOP");
    for (const jobId of ids) gated.end(jobId, { jobId });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask("echo"))).finally(() => {
      for (const pid of family) process.kill(pid, "SIGCONT");
    });
    const unavailable = { status: 503, retryAfter: "1", code: "UNAVAILABLE", inTime: true };
    expect(answers).toEqual(answers.map(() => unavailable));

    await expect.poll(async () => (await ask("echo")).status, { timeout: 10_000 }).toBe(200);
    // Also the jobs whose claim was frozen half-way.
    await untilAllEnded(node.api);
    await expectAllWritten(node, ids, gated);
    expect(await isAlive(family[0] ?? 0)).toBe(true);
  },
  90_000,
);
