import { expect, test } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { JobError } from "../../src/job-types/contract.ts";
import { addCustomer } from "../support/customers.ts";
import { createTestDatabase } from "../support/database.ts";
import { openDatabaseGate } from "../support/database-gate.ts";
import { problemOf, sender, statusAndCode } from "../support/http.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { createDoor, type Script, scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { startWebservice } from "../support/webservice.ts";

type LogLine = Awaited<ReturnType<Client["jobs"]["logs"]>>["logs"][number];

const again = { retry: { maxAttempts: 3, initialSeconds: 0, maxSeconds: 0 } };

function start(scripts: Record<string, Script>, flags: Record<string, string> = {}) {
  return startTestNode({ jobTypes: [scriptedType(scripts)], flags });
}

async function execute(api: Client, script: string, options: object = {}): Promise<string> {
  return (await api.jobTypes.execute("scripted", { params: { script }, options })).jobId;
}

/** The whole log, page by page. */
async function allLines(api: Client, jobId: string, limit = 200): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await api.jobs.logs(jobId, { limit, ...(cursor && { cursor }) });
    expect(page.logs.length).toBeLessThanOrEqual(limit);
    lines.push(...page.logs);
    cursor = page.nextCursor;
  } while (cursor);
  return lines;
}

const messages = (lines: readonly LogLine[]) => lines.map((line) => line.message);

function count(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
}

test("a finished job's log is whole: the lines of all its runs, in order, page by page", async () => {
  const { api } = await start({
    async retried({ log, attempt }) {
      for (const line of count(1, 60)) log.info(line);
      log.debug("d");
      log.warn("w");
      log.error("e");
      if (attempt < 3) throw new JobError("CONNECTION_LOST", "again", { retryable: true });
    },
  });
  const jobId = await execute(api, "retried", again);
  await waitForJob(api, jobId);

  const lines = await allLines(api, jobId, 50);
  const ofOneRun = [...count(1, 60), "d", "w", "e"];
  expect(messages(lines)).toEqual([...ofOneRun, ...ofOneRun, ...ofOneRun]);
  expect(lines.map((line) => line.run)).toEqual([1, 2, 3].flatMap((run) => ofOneRun.map(() => run)));
  expect(lines.slice(59, 63).map((line) => line.level)).toEqual(["info", "debug", "warn", "error"]);
  const seqs = lines.map((line) => line.seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  expect(seqs.slice(0, 3)).toEqual([1, 2, 3]);
  for (const { at } of lines) expect(Math.abs(Date.parse(at) - Date.now())).toBeLessThan(20_000);

  const after = seqs[99] ?? 0;
  const { logs, nextCursor } = await api.jobs.logs(jobId, { after, limit: 3 });
  expect(logs.map((line) => line.seq)).toEqual(seqs.slice(100, 103));
  expect(nextCursor).not.toBeNull();
  expect(await api.jobs.logs(jobId, { after: seqs.at(-1) ?? 0 })).toEqual({ logs: [], nextCursor: null });
});

test("a job without a line has an empty log, also before it has run", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  expect(await node.api.jobs.logs(jobId)).toEqual({ logs: [], nextCursor: null });
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId);
  expect(await node.api.jobs.logs(jobId)).toEqual({ logs: [], nextCursor: null });
});

test("the lines of a running job show while it runs", async () => {
  const door = createDoor();
  const { api } = await start({
    async waiting({ log }) {
      log.info("before the door");
      await door.opened;
      log.info("behind the door");
    },
  });
  const jobId = await execute(api, "waiting");
  await expect.poll(async () => messages((await api.jobs.logs(jobId)).logs)).toEqual(["before the door"]);
  expect(await api.jobs.get(jobId)).toMatchObject({ status: "STARTED", phase: "RUNNING" });
  door.open();
  await waitForJob(api, jobId);
  expect(messages(await allLines(api, jobId))).toEqual(["before the door", "behind the door"]);
});

test("whatever a job logs is text that can be stored, and no longer than a line", async () => {
  const odd: unknown[] = ["x\u0000y \ud800", "", undefined, 7n, Object.create(null), "ä".repeat(9_000)];
  const { api } = await start({
    odd: async ({ log }) => {
      for (const one of odd) Reflect.apply(log.info, log, [one]);
    },
  });
  const jobId = await execute(api, "odd");
  expect(await waitForJob(api, jobId)).toMatchObject({ status: "COMPLETED" });
  expect(messages(await allLines(api, jobId))).toEqual([
    "x\ufffdy \ufffd",
    "",
    "undefined",
    "7",
    "(a message that cannot be written as text)",
    `${"ä".repeat(8_192)}… (9000 characters)`,
  ]);
});

test("a line a microsecond: the first 10,000 are kept, the others counted in one line, of all runs together", async () => {
  const { api } = await start({
    async flood({ log, attempt }) {
      for (let n = 0; n < 300_000; n += 1) log.info("y");
      if (attempt < 2) throw new JobError("CONNECTION_LOST", "again", { retryable: true });
    },
    async wide({ log }) {
      for (let n = 0; n < 300; n += 1) log.info("x".repeat(8_192));
    },
  });
  const flood = await execute(api, "flood", again);
  const wide = await execute(api, "wide");
  expect(await waitForJob(api, flood)).toMatchObject({ status: "COMPLETED", attempt: 2 });
  const lines = await allLines(api, flood);
  expect(lines).toHaveLength(10_002);
  expect(lines.filter((line) => line.message !== "y")).toEqual([
    expect.objectContaining({
      run: 1,
      level: "warn",
      message: expect.stringMatching(/^290000 more lines were dropped/),
    }),
    expect.objectContaining({
      run: 2,
      level: "warn",
      message: expect.stringMatching(/^300000 more lines were dropped/),
    }),
  ]);

  await waitForJob(api, wide);
  const kept = await allLines(api, wide);
  expect(kept).toHaveLength(129);
  expect(kept.at(-1)?.message).toMatch(/^172 more lines were dropped: .*1048576 bytes/);
});

test("an outage neither fails a job nor costs it its log", async () => {
  const database = await createTestDatabase();
  const gate = await openDatabaseGate(database);
  const door = createDoor();
  const node = await openTestNode({
    flags: { "database-url": gate.url },
    jobTypes: [
      scriptedType({
        async patient({ log, progress }) {
          log.info("before");
          await door.opened;
          for (const line of count(1, 500)) log.info(line);
          progress(1, 1);
        },
      }),
    ],
  });
  try {
    const jobId = await execute(node.api, "patient");
    await expect.poll(async () => (await node.api.jobs.logs(jobId)).logs.length).toBe(1);
    await gate.cut();
    door.open();
    // The end of the job waits for its log, and its log for the database.
    await expect.poll(async () => (await fetch(`${node.origin}/readyz`)).status).toBe(503);
    expect(node.running()).toBe(1);
    await gate.mend();
    await expect.poll(() => node.running(), { timeout: 15_000 }).toBe(0);
    expect(await node.api.jobs.get(jobId)).toMatchObject({ status: "COMPLETED", attempt: 1, progress: { done: 1 } });
    expect(messages(await allLines(node.api, jobId))).toEqual(["before", ...count(1, 500)]);
  } finally {
    await node.close();
    await gate.close();
    await database.drop();
  }
}, 60_000);

test("a run that has lost its claim adds nothing, and a node that stops gives its jobs back with their lines", async () => {
  const door = createDoor();
  const type = scriptedType({
    async lost({ log }) {
      log.info("mine");
      await door.opened;
      log.info("no longer mine");
    },
    async stopped({ log, signal }) {
      log.info("begun");
      await new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    },
  });
  const node = await startTestNode({ services: "byHand", jobTypes: [type] });
  const other = await openTestNode({ services: "byHand", jobTypes: [type], with: node });
  const lost = await execute(node.api, "lost");
  await node.run("claim-jobs");
  await expect.poll(async () => messages((await node.api.jobs.logs(lost)).logs)).toEqual(["mine"]);
  await node.database.sql`update job_queue set claim = gen_random_uuid()`;
  door.open();
  await expect.poll(() => node.running()).toBe(0);
  expect(messages(await allLines(node.api, lost))).toEqual(["mine"]);

  const stopped = await execute(node.api, "stopped");
  await other.run("claim-jobs");
  await expect.poll(() => other.running()).toBe(1);
  await other.close();
  expect(await node.api.jobs.get(stopped)).toMatchObject({ phase: "QUEUED" });
  expect(messages(await allLines(node.api, stopped))).toEqual(["begun"]);
});

test("a webservice call logs its request and its answer in one line, without what looks like a secret", async () => {
  const webservice = await startWebservice();
  const node = await startTestNode({ flags: { "egress-allow": `127.0.0.1:${webservice.port}` } });
  const params = { url: `${webservice.origin}/echo?page=2&token=hush`, method: "POST", body: { a: 1 } };
  const { jobId } = await node.api.jobTypes.execute("callWebserviceEndpoint", { params });
  expect(await waitForJob(node.api, jobId)).toMatchObject({ status: "COMPLETED" });
  const lines = await allLines(node.api, jobId);
  const url = `${webservice.origin}/echo?page=2&token=***`;
  expect(lines).toMatchObject([{ level: "info" }]);
  expect(lines[0]?.message.replace(/\d+ ms$/, "n ms")).toBe(`POST ${url}: 200 in n ms`);
  expect(JSON.stringify(lines)).not.toContain("hush");
  await webservice.close();
});

test("bad questions about a log are refused by name, and nobody reads another customer's", async () => {
  const { api, ...node } = await startTestNode();
  const { jobId } = await api.jobTypes.execute("echo", { params: {} });
  const send = sender(node);
  for (const query of [
    "after=-1",
    "after=x",
    "after=1.5",
    "after=2147483648",
    "limit=0",
    "limit=201",
    "level=info",
    "cursor=x",
    "after=1&after=2",
  ]) {
    const problem = problemOf(await send("GET", `/jobs/${jobId}/logs?${query}`));
    expect(problem, query).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    expect(problem.errors?.[0]?.message, query).toContain(query.split("=")[0]);
  }
  const other = await addCustomer({ api, ...node }, "other");
  expect(statusAndCode(await sender(other)("GET", `/jobs/${jobId}/logs`))).toBe("404 NOT_FOUND");
  expect(statusAndCode(await send("GET", `/jobs/19700101-${jobId.slice(9)}/logs`))).toBe("404 NOT_FOUND");
});
