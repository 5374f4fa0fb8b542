import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fireSchedules } from "../../src/domain/fire-schedules.ts";
import { jitterMs } from "../../src/model/cron/jitter.ts";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { sender } from "../support/http.ts";
import { failing, hanging, hasStarted, release } from "../support/job-types.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const token = "the-token";

function start(): Promise<TestNode> {
  return startTestNode({
    services: "byHand",
    environment: { PUNCTUAL_METRICS_TOKEN: token },
    flags: { "worker-slots": "7" },
  });
}

async function metricsOf(node: TestNode, authorization = `Bearer ${token}`): Promise<string> {
  return (await fetch(`${node.origin}/metrics`, { headers: { authorization } })).text();
}

/** The value of one line: `name{label="value"}`. */
function value(text: string, sample: string): number | undefined {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return line === undefined ? undefined : Number(line.slice(sample.length + 1));
}

interface Row {
  readonly name: string;
  readonly type: string;
  readonly labels: string;
  readonly help: string;
}

/** What `/metrics` answers, as the guide writes it. */
function served(text: string): Row[] {
  const helps = [...text.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name = "", help = ""]) => [name, help] as const);
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => [name, type]));
  return helps.map(([name, help]) => {
    const sample = new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{(.*)\\} `, "m").exec(text)?.[1] ?? "";
    const labels = [...sample.matchAll(/(\w+)="/g)].flatMap(([, label = ""]) => (label === "le" ? [] : label));
    return { name, type: types.get(name) ?? "", labels: labels.sort().join(", "), help };
  });
}

/** The rows of the guide's tables. */
function documented(markdown: string): Row[] {
  return [...markdown.matchAll(/^\| `([a-z0-9_]+)` \| (\w+) \| (.*?) ?\| (.*) \|$/gm)].map(
    ([, name = "", type = "", labels = "", help = ""]) => ({
      name,
      type,
      labels: labels.replaceAll("`", ""),
      help,
    }),
  );
}

const byName = (a: Row, b: Row) => (a.name < b.name ? -1 : 1);

test("the guide lists what /metrics answers, name by name", async () => {
  const node = await start();
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  await node.run("sample-queue");
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId);
  node.context.metrics.occurrencesWithoutJob("demo", "missed", 1);
  const guide = documented(await readFile("docs/guides/metrics.md", "utf8"));
  const rows = served(await metricsOf(node));
  const own = (all: Row[]) => all.filter((row) => row.name.startsWith("punctual_")).sort(byName);
  expect(own(guide)).toEqual(own(rows));
  if (process.platform !== "linux") return;
  const names = (all: Row[]) => all.map((row) => `${row.name} ${row.type}`).sort();
  expect(names(guide)).toEqual(names(rows));
  expect(rows.map((row) => row.name)).toContain("nodejs_eventloop_lag_p99_seconds");
});

test("claims, waits, runs and ends are counted, each for what it is", async () => {
  const node = await start();
  const options = { retry: { maxAttempts: 2, initialSeconds: 0, maxSeconds: 0 } };
  const { jobId } = await node.api.jobTypes.execute("failing", { params: { times: 1, retryable: true }, options });
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
  await node.run("promote-jobs");
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId);
  await expect.poll(() => node.running()).toBe(0);
  const text = await metricsOf(node);
  const type = `job_type="${failing.code}"`;
  expect(value(text, `punctual_jobs_claimed_total{${type}}`)).toBe(2);
  expect(value(text, `punctual_job_queue_wait_seconds_count{${type}}`)).toBe(1);
  expect(value(text, `punctual_job_run_seconds_count{${type},outcome="FAILED"}`)).toBe(1);
  expect(value(text, `punctual_job_run_seconds_count{${type},outcome="COMPLETED"}`)).toBe(1);
  // An attempt that is followed by another ends no job.
  expect(value(text, `punctual_jobs_finished_total{${type},status="COMPLETED"}`)).toBe(1);
  expect(text).not.toContain('status="FAILED"');
  expect(value(text, `punctual_customer_jobs_claimed_total{customer="demo",${type}}`)).toBe(2);
  expect(value(text, 'punctual_customer_job_run_seconds_count{customer="demo"}')).toBe(2);
});

test("slots, the depth of the queue and the age of its oldest ready job", async () => {
  const node = await start();
  const other = await addCustomer(node, "other");
  const clock = fakeClock(node.database);
  const running = await node.api.jobTypes.execute(hanging.code, { params: {} });
  await node.run("claim-jobs");
  await hasStarted(running.jobId);
  await clock.advance(1_000);
  await sender(other)("POST", "/job-types/echo/_execute", {});
  await clock.advance(60_000);
  await node.api.jobTypes.execute("echo", { params: {} });
  await node.api.jobTypes.execute("echo", { params: {} });
  await clock.advance(5_000);
  await node.run("sample-queue");

  const text = await metricsOf(node);
  const depth = (state: string) => value(text, `punctual_queue_jobs{state="${state}"}`);
  expect(["scheduled", "blocked", "ready", "claimed", "waiting"].map(depth)).toEqual([0, 0, 3, 1, 0]);
  expect(value(text, "punctual_queue_oldest_ready_seconds")).toBe(65);
  expect(value(text, 'punctual_customer_queue_oldest_ready_seconds{customer="demo"}')).toBe(5);
  expect(value(text, 'punctual_customer_queue_oldest_ready_seconds{customer="other"}')).toBe(65);
  expect(value(text, 'punctual_customer_queue_jobs{customer="demo",state="ready"}')).toBe(2);
  expect(value(text, 'punctual_worker_slots{state="taken"}')).toBe(1);
  expect(value(text, 'punctual_worker_slots{state="free"}')).toBe(6);

  release(running.jobId);
  await node.run("heartbeat");
  await node.run("claim-jobs");
  await expect.poll(() => node.running()).toBe(0);
  await node.run("sample-queue");
  const after = await metricsOf(node);
  expect(value(after, 'punctual_queue_jobs{state="ready"}')).toBe(0);
  expect(value(after, "punctual_queue_oldest_ready_seconds")).toBe(0);
  expect(after).not.toContain("punctual_customer_queue_jobs{");
});

test("what is under way on the database's connections, and what waits for one", async () => {
  const node = await start();
  const { database } = node.context;
  const { statements, transactions } = database.load();
  expect(statements.connections).toBeGreaterThan(1);
  const holds = Array.from({ length: statements.connections + 3 }, () => database.sql`select pg_sleep(1)`);
  const work = Array.from({ length: transactions.connections + 1 }, () =>
    database.transaction((sql) => sql`select pg_sleep(0.5)`),
  );
  const text = await metricsOf(node);
  expect(value(text, 'punctual_database_work{pool="statements",state="active"}')).toBe(statements.connections);
  expect(value(text, 'punctual_database_work{pool="statements",state="waiting"}')).toBe(3);
  expect(value(text, 'punctual_database_work{pool="transactions",state="waiting"}')).toBe(1);
  expect(value(text, 'punctual_database_connections_max{pool="statements"}')).toBe(statements.connections);
  await Promise.all([...holds, ...work]);
  await expect(database.sql`select 1 / 0`).rejects.toThrow();
  expect(database.load()).toMatchObject({ statements: { underWay: 0 }, transactions: { underWay: 0 } });
});

test("nothing that tells customers apart shows without the token, and theirs are 500 labels at most", async () => {
  const node = await start();
  const { metrics } = node.context;
  for (let n = 0; n < 600; n += 1) {
    metrics.jobClaimed(`customer-${n}`, "echo", 5);
    metrics.runEnded(`customer-${n}`, "echo", "COMPLETED", 5);
    metrics.occurrencesWithoutJob(`customer-${n}`, "missed", 2);
  }
  const samples = Array.from({ length: 600 }, (_, n) => ({
    customerCode: `customer-${n}`,
    state: "ready",
    jobs: 1,
    oldestSeconds: n,
  }));
  metrics.queueSampled(["ready"], samples);
  const open = await metricsOf(node, "Bearer wrong");
  expect(open).not.toContain("customer");
  expect(value(open, 'punctual_queue_jobs{state="ready"}')).toBe(600);
  expect(value(open, "punctual_queue_oldest_ready_seconds")).toBe(599);
  const told = await metricsOf(node);
  const labels = new Set([...told.matchAll(/customer="([^"]+)"/g)].map(([, customer]) => customer));
  expect(labels.size).toBe(501);
  expect(value(told, 'punctual_customer_queue_jobs{customer="other",state="ready"}')).toBe(100);
  expect(value(told, 'punctual_customer_queue_oldest_ready_seconds{customer="other"}')).toBe(599);
  expect(value(told, 'punctual_customer_jobs_claimed_total{customer="other",job_type="echo"}')).toBe(100);
  expect(value(told, 'punctual_customer_schedule_occurrences_total{customer="other",outcome="missed"}')).toBe(200);
  expect(value(open, 'punctual_schedule_occurrences_total{outcome="missed"}')).toBe(1200);
});

test("how late jobs of schedules were made, what came of occurrences, and how far the schedules are behind", async () => {
  const node = await start();
  const clock = fakeClock(node.database);
  await clock.set("2026-12-02T12:00:30Z");
  const schedule = { cron: "* * * * *", catchUp: "none" } as const;
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "minutely", jobType: "echo", schedule } });
  for (const time of ["12:01:00.030", "12:02:07"]) {
    await clock.set(`2026-12-02T${time}Z`);
    await node.run("fire-schedules");
  }
  await clock.set("2026-12-02T12:10:42Z");
  await node.run("sample-queue");
  expect(value(await metricsOf(node), "punctual_schedule_oldest_due_seconds")).toBe(462);
  const ready = await fetch(`${node.origin}/readyz`);
  expect(await ready.json()).toMatchObject({ status: "ready", details: { schedulerLagSeconds: 462 } });

  // Put aside, and not settled yet.
  await fireSchedules(node.context, "");
  await clock.set("2026-12-02T12:11:00Z");
  const rest = await fetch(`${node.origin}/readyz`);
  expect(await rest.json()).toMatchObject({ details: { schedulerLagSeconds: 0, schedulerBacklogSeconds: 18 } });
  await node.run("sample-queue");
  expect(value(await metricsOf(node), "punctual_schedule_oldest_backlog_seconds")).toBe(18);
  await clock.set("2026-12-02T12:10:42Z");

  await node.run("fire-schedules");
  await node.run("sample-queue");
  const text = await metricsOf(node);
  expect(value(text, 'punctual_schedule_lateness_seconds_bucket{le="0.025"}')).toBe(0);
  expect(value(text, 'punctual_schedule_lateness_seconds_bucket{le="0.05"}')).toBe(1);
  expect(value(text, 'punctual_schedule_lateness_seconds_bucket{le="5"}')).toBe(1);
  expect(value(text, 'punctual_schedule_lateness_seconds_bucket{le="60"}')).toBe(3);
  const outcomes = { fired: 1, late: 2, missed: 7 };
  for (const [outcome, count] of Object.entries(outcomes)) {
    expect(value(text, `punctual_schedule_occurrences_total{outcome="${outcome}"}`)).toBe(count);
    const ofCustomer = `punctual_customer_schedule_occurrences_total{customer="demo",outcome="${outcome}"}`;
    expect(value(text, ofCustomer)).toBe(count);
  }
  expect(value(text, "punctual_schedule_oldest_due_seconds")).toBe(0);
  expect(value(text, "punctual_schedule_oldest_backlog_seconds")).toBe(0);
});

test("what a pause or the removal of a schedule skips counts once, whatever goes wrong", async () => {
  const node = await start();
  const clock = fakeClock(node.database);
  const { sql } = node.database;
  await clock.set("2026-12-02T12:00:30Z");
  const schedule = { cron: "* * * * *", jitterSeconds: 3_600 };
  // The jitter comes of the definition's id; what is due within the test's minutes would be made, not skipped.
  for (let jitter = 0; jitter < 20 * 60_000; ) {
    await node.api.jobDefinitions.delete("minutely").catch(() => undefined);
    await node.api.jobDefinitions.create({
      jobDefinition: { jobDefinitionCode: "minutely", jobType: "echo", schedule },
    });
    const [made] = await sql<{ id: string }[]>`select definition_id as id from job_definition`;
    jitter = jitterMs(made?.id ?? "", schedule.jitterSeconds);
  }
  const skipped = async () =>
    value(await metricsOf(node), 'punctual_schedule_occurrences_total{outcome="skipped"}') ?? 0;
  await node.api.jobDefinitions.pause("minutely");
  await clock.advance(5 * 60_000);
  // The first try, and only that, ends in a deadlock when it is all but done.
  await sql`create sequence tries`;
  await sql`
    create function in_a_deadlock() returns trigger language plpgsql as $$
    begin
      if nextval('tries') = 1 then raise exception using errcode = 'deadlock_detected'; end if;
      return null;
    end $$`;
  await sql`create trigger in_a_deadlock after insert on audit_event for each row execute function in_a_deadlock()`;
  await node.api.jobDefinitions.resume("minutely");
  expect(await skipped()).toBe(5);
  await clock.advance(3 * 60_000);
  await node.api.jobDefinitions.change("minutely", { jobDefinition: { schedule: null } });
  const [row] = await sql`select sum(count)::integer as count from occurrence where outcome = 'skipped'`;
  expect(row?.count).toBe(8);
  expect(await skipped()).toBe(8);
});
