import { expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { sender, statusAndCode } from "../support/http.ts";
import { startTestNode, type TestNode } from "../support/nodes.ts";
import { scriptedType } from "../support/scripted-job-type.ts";
import { waitForJob } from "../support/wait-for-job.ts";

const day = 24 * 3_600_000;
const parents = ["job", "job_attempt", "job_child", "job_log", "job_result"];

/**
 * A node whose time stands at noon of a day, where the jobs of all tests end. It is long ago, so that the days that the database
 * has already, those of the present, stay: their removal is no test's business.
 */
async function startAt(noon: string, flags: Record<string, string> = {}) {
  const type = scriptedType({
    async telling({ log, attempt, progress }) {
      log.info("told");
      progress(1, 2);
      if (attempt === 1) throw new Error("once more");
      return "r".repeat(300_000);
    },
  });
  const node = await startTestNode({ services: "byHand", jobTypes: [type], flags });
  const clock = fakeClock(node.database);
  await setTime(node, noon);
  return { node, clock };
}

async function setTime(node: TestNode, time: string): Promise<void> {
  await fakeClock(node.database).set(time);
  await node.run("heartbeat");
}

async function move(node: TestNode, milliseconds: number): Promise<void> {
  await fakeClock(node.database).advance(milliseconds);
  await node.run("heartbeat");
}

async function runJob(node: TestNode, jobType = "echo", params: object = {}): Promise<string> {
  const { jobId } = await node.api.jobTypes.execute(jobType, { params: { ...params } });
  await node.run("claim-jobs");
  await waitForJob(node.api, jobId);
  return jobId;
}

async function tablesOf(node: TestNode, ofDay: string): Promise<string[]> {
  const rows = await node.database.sql<{ relname: string }[]>`
    select relname from pg_class where relkind = 'r' and relname ~ ${`^job.*_${ofDay}$`} order by 1`;
  return rows.map((row) => row.relname);
}

async function isThere(node: TestNode, jobId: string): Promise<boolean> {
  const answer = await sender(node)("GET", `/jobs/${jobId}`);
  if (answer.status === 200) return true;
  expect(statusAndCode(answer)).toBe("404 NOT_FOUND");
  return false;
}

test("a day goes whole, with all that its jobs have, when the last of them has been kept for 30 days, and not before", async () => {
  const { node } = await startAt("2021-03-10T12:00:00Z");
  const jobId = await runJob(node, "scripted", { script: "telling" });
  expect((await node.api.jobs.logs(jobId)).logs).toHaveLength(1);
  await move(node, 3_600_000);
  const last = await runJob(node);
  expect(await tablesOf(node, "20210310")).toHaveLength(parents.length);

  for (const time of ["2021-03-20T12:00:00Z", "2021-04-09T12:30:00Z"]) {
    await setTime(node, time);
    await node.run("apply-retention");
    expect([await isThere(node, jobId), await isThere(node, last)]).toEqual([true, true]);
  }
  await setTime(node, "2021-04-09T13:00:01Z");
  await node.run("apply-retention");
  expect([await isThere(node, jobId), await isThere(node, last)]).toEqual([false, false]);
  expect(await tablesOf(node, "20210310")).toEqual([]);
  for (const path of ["logs", "attempts"]) {
    expect(statusAndCode(await sender(node)("GET", `/jobs/${jobId}/${path}`))).toBe("404 NOT_FOUND");
  }
  expect(await node.api.jobs.list()).toEqual({ jobs: [], nextCursor: null });
  expect(await runJob(node)).toMatch(/^20210409-/);
});

test("a day that a straggler holds loses its expired jobs one by one, and goes once the straggler has expired", async () => {
  const { node } = await startAt("2021-03-10T12:00:00Z", { "retention-days": "3" });
  const { jobId: straggler } = await node.api.jobTypes.execute("echo", {
    params: {},
    runAt: "2021-05-10T12:00:00Z",
  });
  const expired = [await runJob(node, "scripted", { script: "telling" })];
  for (let n = 0; n < 3; n += 1) expired.push(await runJob(node));

  await setTime(node, "2021-03-13T23:00:00Z");
  await node.run("apply-retention");
  for (const jobId of expired) expect(await isThere(node, jobId)).toBe(true);

  await setTime(node, "2021-03-14T00:00:01Z");
  await node.run("apply-retention");
  for (const jobId of expired) expect(await isThere(node, jobId)).toBe(false);
  const [left] = await node.database.sql<Record<string, number>[]>`
    select (select count(*) from job)::integer as job, (select count(*) from job_log)::integer as log,
           (select count(*) from job_attempt)::integer as attempt, (select count(*) from job_result)::integer as result`;
  expect(left).toEqual({ job: 1, log: 0, attempt: 0, result: 0 });
  expect(await node.api.jobs.get(straggler)).toMatchObject({ phase: "SCHEDULED" });

  await setTime(node, "2021-05-10T12:00:01Z");
  await node.run("promote-jobs");
  await node.run("claim-jobs");
  await waitForJob(node.api, straggler);
  for (const [time, kept] of [
    ["2021-05-13T12:00:00Z", true],
    ["2021-05-13T12:00:05Z", false],
  ] as const) {
    await setTime(node, time);
    await node.run("apply-retention");
    expect(await isThere(node, straggler), time).toBe(kept);
  }
  expect(await tablesOf(node, "20210310")).toEqual([]);
});

test("jobs that run past midnight hold their day until they have expired, and no longer", async () => {
  const { node } = await startAt("2021-03-10T23:59:59Z", { "retention-days": "1" });
  const early = await runJob(node);
  const { jobId: late } = await node.api.jobTypes.execute("echo", { params: {} });
  await setTime(node, "2021-03-11T00:10:00Z");
  await node.run("claim-jobs");
  await waitForJob(node.api, late);
  await setTime(node, "2021-03-12T00:05:00Z");
  await node.run("apply-retention");
  expect([await isThere(node, early), await isThere(node, late)]).toEqual([true, true]);
  await setTime(node, "2021-03-12T00:10:01Z");
  await node.run("apply-retention");
  expect([await isThere(node, early), await isThere(node, late)]).toEqual([false, false]);
});

test("a reader that holds the table makes it give up within seconds, nobody waits, and the next run goes on", async () => {
  const { node } = await startAt("2021-03-10T12:00:00Z");
  const jobId = await runJob(node);
  await setTime(node, "2021-05-01T12:00:00Z");
  const { sql } = node.database;
  await sql.begin(async (reader) => {
    await reader`select count(*) from job`;
    const applied = node.run("apply-retention");
    let served = 0;
    let state: "running" | "over" = "running";
    const ended = applied.finally(() => {
      state = "over";
    });
    while (state === "running") {
      // The reader goes on until this loop is over: whoever waited for it would wait for ever.
      await runJob(node);
      await node.api.jobs.list();
      served += 1;
    }
    await ended;
    expect(served).toBeGreaterThan(0);
    const pending = await sql`select from pg_inherits where inhdetachpending`;
    expect(pending).toHaveLength(1);
  });
  // Days can be made meanwhile.
  await setTime(node, "2021-06-20T12:00:00Z");
  await node.run("maintain-storage");
  await runJob(node);
  await node.run("apply-retention");
  expect(await isThere(node, jobId)).toBe(false);
  expect(await tablesOf(node, "20210310")).toEqual([]);
  expect(await sql`select from pg_inherits where inhdetachpending`).toHaveLength(0);
});

test("tables of a day that were detached and not dropped are dropped, and those of other days stay", async () => {
  const { node } = await startAt("2021-03-10T12:00:00Z");
  await runJob(node);
  await setTime(node, "2021-03-12T12:00:00Z");
  const kept = await runJob(node);
  const { sql } = node.database;
  await sql`alter table job detach partition job_20210310`;
  await sql`drop table job_20210310`;
  await sql`alter table job_log detach partition job_log_20210310`;
  await setTime(node, "2021-04-10T12:00:00Z");
  await node.run("apply-retention");
  expect(await tablesOf(node, "20210310")).toEqual([]);
  expect(await isThere(node, kept)).toBe(true);
});

test("many nodes at once, in the midst of work", async () => {
  const { node } = await startAt("2021-03-10T12:00:00Z");
  const others = await Promise.all([1, 2, 3].map(() => startTestNode({ services: "byHand", with: node })));
  const old: string[] = [];
  for (let n = 0; n < 4; n += 1) {
    old.push(await runJob(node));
    await move(node, day);
  }
  await setTime(node, "2021-06-10T12:00:00Z");
  const { jobId } = await node.api.jobTypes.execute("echo", { params: {} });
  await Promise.all([node, ...others].map((one) => one.run("apply-retention")));
  await node.run("apply-retention");
  for (const gone of old) expect(await isThere(node, gone)).toBe(false);
  expect(await isThere(node, jobId)).toBe(true);
});

test("audit events are kept for 400 days", async () => {
  const { node, clock } = await startAt("2021-03-10T12:00:00Z");
  const user = (email: string) => node.api.users.create({ user: { email, role: "viewer" } });
  await user("first@example.com");
  await clock.advance(200 * day);
  await user("second@example.com");
  const actions = async () =>
    (await node.api.auditEvents.list()).auditEvents.filter((one) => one.action === "user.create");
  await clock.advance(200 * day - 1_000);
  await node.run("apply-retention");
  expect(await actions()).toHaveLength(2);
  await clock.advance(2_000);
  await node.run("apply-retention");
  expect(await actions()).toHaveLength(1);
});

test("a day of the ledger goes when it has been over for as long as jobs are kept, and not before", async () => {
  const { node } = await startAt("2021-03-10T22:30:00Z", { "retention-days": "3" });
  const jobDefinition = { jobDefinitionCode: "hourly", jobType: "echo", schedule: { cron: "0 * * * *" } };
  await node.api.jobDefinitions.create({ jobDefinition });
  for (const time of ["2021-03-10T23:00:00Z", "2021-03-11T00:00:00Z"]) {
    await setTime(node, time);
    await node.run("fire-schedules");
  }
  await node.api.jobDefinitions.pause("hourly");
  const told = async () => {
    const query = { after: "2021-01-01T00:00:00Z", before: "2021-12-31T00:00:00Z" };
    const { occurrences } = await node.api.jobDefinitions.occurrences("hourly", query);
    const settled = occurrences.filter((one) => one.outcome !== "expected");
    return settled.map((one) => ("from" in one ? one.from : one.scheduledFor).slice(0, 13));
  };
  for (const [time, kept] of [
    ["2021-03-13T23:59:59Z", ["2021-03-10T23", "2021-03-11T00"]],
    ["2021-03-14T00:00:00Z", ["2021-03-11T00"]],
    ["2021-03-15T00:00:00Z", []],
  ] as const) {
    await setTime(node, time);
    await node.run("apply-retention");
    expect(await told(), time).toEqual(kept);
  }
  const days = await node.database
    .sql`select from pg_class where relname in ('occurrence_20210310', 'occurrence_20210311')`;
  expect(days).toHaveLength(0);
  // What a pause of weeks has skipped is written as far back as the ledger goes, and the next run lets that day go in its turn.
  await setTime(node, "2021-04-10T12:30:00Z");
  await node.run("apply-retention");
  await node.api.jobDefinitions.resume("hourly");
  expect(await told()).toEqual(["2021-04-07T13", "2021-04-08T00", "2021-04-09T00", "2021-04-10T00"]);
});
