/** What `GET /overview` counts, and for whom. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createClient } from "../../src/client/client.ts";
import { countJobs } from "../../src/store/overview/count-jobs.ts";
import { countOccurrences } from "../../src/store/overview/count-occurrences.ts";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { settleSchedule, writeLedger } from "../support/written-ledger.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let clock: ReturnType<typeof fakeClock>;

beforeAll(async () => {
  node = await openTestNode();
  clock = fakeClock(node.database);
});
afterAll(() => node.close());

test("counts the outcomes of the last day, the jobs made in it and what waits, of one's own alone", async () => {
  await clock.set("2026-03-02T12:00:00Z");
  const schedule = { cron: "0 * * * *" };
  await node.api.jobDefinitions.put("hourly", {
    jobDefinition: { jobDefinitionCode: "hourly", jobType: "echo", schedule },
  });
  await settleSchedule(node.database, "hourly", "2026-03-02T12:00:00Z", null);
  await writeLedger(node.database, "hourly", [
    { at: "2026-03-01T11:00:00Z", outcome: "missed" },
    { at: "2026-03-01T13:00:00Z", outcome: "fired", jobId: randomUUID() },
    { at: "2026-03-01T14:00:00Z", outcome: "late", jobId: randomUUID(), lateMs: 9_000 },
    { at: "2026-03-02T01:00:00Z", until: "2026-03-02T05:00:00Z", count: 5, outcome: "skipped", reason: "paused" },
    { at: "2026-03-02T06:00:00Z", outcome: "missed" },
  ]);
  const made = [
    await node.api.jobTypes.execute("echo", {}),
    await node.api.jobTypes.execute("failing", {
      params: { times: 1, retryable: false },
      options: { retry: { maxAttempts: 1 } },
    }),
  ];
  for (const { jobId } of made) await waitForJob(node.api, jobId);
  const later = await node.api.jobTypes.execute("echo", { runAt: "2026-03-05T00:00:00Z" });
  const cancelled = await node.api.jobTypes.execute("echo", { runAt: "2026-03-05T00:00:00Z" });
  await node.api.jobs.cancel(cancelled.jobId);

  const { overview } = await node.api.overview.get();
  expect(overview).toMatchObject({
    hours: 24,
    occurrences: { fired: 1, late: 1, skipped: 5, missed: 1, countedFrom: null },
    jobs: { made: 4, completed: 1, failed: 1, cancelled: 1, countedFrom: null },
    queue: { running: 0, queued: 0, waiting: 1, oldestQueuedMs: null },
    nodes: { alive: 1, silent: 0 },
    retentionDays: 30,
  });
  expect(overview.jobs.waitMs).toBeGreaterThanOrEqual(0);

  const other = await addCustomer(node, "other");
  const { overview: nothing } = await createClient({ ...other, baseUrl: node.origin }).overview.get();
  expect(nothing).toMatchObject({
    occurrences: { fired: 0, late: 0, skipped: 0, missed: 0 },
    jobs: { made: 0, waitMs: null },
    queue: { running: 0, queued: 0, waiting: 0 },
  });
  await node.api.jobs.cancel(later.jobId);
});

test("tells by how much the schedule that is furthest behind is late", async () => {
  const idle = await startTestNode({ services: "byHand" });
  await fakeClock(idle.database).set("2026-03-03T00:00:00Z");
  await idle.api.jobDefinitions.create({
    jobDefinition: { jobDefinitionCode: "hourly", jobType: "echo", schedule: { cron: "0 * * * *" } },
  });
  expect((await idle.api.overview.get()).overview.schedulerLagSeconds).toBe(0);
  await settleSchedule(idle.database, "hourly", "2026-03-03T00:00:00Z", "2026-03-02T23:58:30Z");
  expect((await idle.api.overview.get()).overview.schedulerLagSeconds).toBe(90);
});

test("a count that stops at its limit says from where it counts", async () => {
  const { sql } = node.context.database;
  expect(await countOccurrences(sql, "demo", 24, 2)).toEqual({
    counts: { fired: 0, late: 0, skipped: 5, missed: 1 },
    countedFrom: new Date("2026-03-02T01:00:00Z"),
  });
  expect(await countJobs(sql, "demo", 24, 3)).toMatchObject({ made: 3, countedFrom: expect.any(Date) });
});

test("what it counts is found by an index", async () => {
  const plan = await node.database.sql`
    explain select outcome, count from occurrence
     where customer_code = 'demo' and scheduled_for > app_now() - interval '24 hours' and scheduled_for <= app_now()
     order by scheduled_for desc, definition_id desc limit 10000`;
  expect(JSON.stringify(plan)).toContain("Index Scan");
});

test("nodes are listed with their last beat", async () => {
  const { nodes } = await node.api.overview.nodes();
  expect(nodes).toEqual([expect.objectContaining({ alive: true, roles: expect.arrayContaining(["worker"]) })]);
});
