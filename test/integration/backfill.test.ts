/** Backfills: the jobs of a past range, each once, and what they wait for. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { problemOf, type Send, sender, statusAndCode } from "../support/http.ts";
import { hasStarted, release } from "../support/job-types.ts";
import { openTestNode, startTestNode } from "../support/nodes.ts";
import { waitForJob } from "../support/wait-for-job.ts";
import { settleSchedule, writeLedger } from "../support/written-ledger.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  await fakeClock(node.database).set("2026-12-02T12:00:30Z");
  await node.run("heartbeat");
  send = sender(node);
});
afterAll(() => node.close());

async function define(code: string, schedule: object | null, jobType = "echo", params: object = {}): Promise<void> {
  await send("PUT", `/job-definitions/${code}`, {
    jobDefinition: { jobDefinitionCode: code, jobType, schedule, params },
  });
  if (schedule) await settleSchedule(node.database, code, "2026-12-02T12:00:00Z", "2026-12-02T13:00:00Z");
}

const morning = { from: "2026-12-02T06:00:00Z", to: "2026-12-02T09:00:00Z" };

test("each occurrence of the range gets a job, the first moment included and the last not; a repeat makes none twice", async () => {
  await define("hourly", { cron: "0 * * * *" }, "echo", { text: "for {{job.scheduledFor}}" });
  const { version } = (await node.api.jobDefinitions.get("hourly")).jobDefinition;
  const { jobIds } = await node.api.jobDefinitions.backfill("hourly", morning);
  const jobs = await Promise.all(jobIds.map((jobId) => node.api.jobs.get(jobId)));
  expect(jobs.map((job) => job.trigger)).toEqual(
    ["06", "07", "08"].map((hour) => ({
      kind: "backfill",
      by: "admin@example.com",
      scheduledFor: `2026-12-02T${hour}:00:00.000Z`,
    })),
  );
  for (const job of jobs) expect(job).toMatchObject({ jobDefinitionCode: "hourly", definitionVersion: version });

  expect((await node.api.jobDefinitions.backfill("hourly", morning)).jobIds).toEqual(jobIds);
  const wider = await node.api.jobDefinitions.backfill("hourly", { ...morning, to: "2026-12-02T10:00:00Z" });
  expect(wider.jobIds.slice(0, 3)).toEqual(jobIds);
  expect(wider.jobIds).toHaveLength(4);
  expect((await node.api.jobs.list({ jobDefinitionCode: "hourly" })).jobs).toHaveLength(4);
  // An edit makes no difference to what was made.
  await node.api.jobDefinitions.change("hourly", { jobDefinition: { schedule: { cron: "*/30 * * * *" } } });
  const finer = await node.api.jobDefinitions.backfill("hourly", morning);
  expect(finer.jobIds).toHaveLength(6);
  expect(finer.jobIds.filter((_, index) => index % 2 === 0)).toEqual(jobIds);

  const { auditEvents } = await node.api.auditEvents.list({ limit: 200 });
  const events = auditEvents.filter((event) => event.action === "jobDefinition.backfill" && event.subject === "hourly");
  expect(events.map((event) => event.details)).toEqual([
    { jobs: 3, first: "2026-12-02T06:30:00.000Z", last: "2026-12-02T08:30:00.000Z" },
    { jobs: 1, first: "2026-12-02T09:00:00.000Z", last: "2026-12-02T09:00:00.000Z" },
    { jobs: 3, first: "2026-12-02T06:00:00.000Z", last: "2026-12-02T08:00:00.000Z" },
  ]);
  await node.run("claim-jobs");
  const done = await waitForJob(node.api, jobIds[0] ?? "");
  expect(done.result).toEqual({ text: "for 2026-12-02T06:00:00.000Z" });
});

test("many callers at once make each job once", async () => {
  await define("raced", { cron: "*/10 * * * *" });
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      node.api.jobDefinitions.backfill("raced", {
        ...morning,
        from: `2026-12-02T06:${index}0:00Z`.replace("60", "00").replace("70", "10"),
      }),
    ),
  );
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: "raced", limit: 200 });
  expect(jobs).toHaveLength(18);
  expect(new Set(answers.flatMap(({ jobIds }) => jobIds))).toEqual(new Set(jobs.map((job) => job.jobId)));
});

test("the list of occurrences joins the ledger, which stays as it is, with the jobs that were made", async () => {
  await define("joined", { cron: "0 * * * *" });
  await writeLedger(node.database, "joined", [
    {
      at: "2026-12-02T06:00:00Z",
      until: "2026-12-02T08:00:00Z",
      count: 3,
      outcome: "missed",
      reason: "catchUp is none",
    },
    { at: "2026-12-02T09:00:00Z", outcome: "skipped", reason: "previous job still unfinished" },
  ]);
  const range = { from: "2026-12-02T07:00:00Z", to: "2026-12-02T10:00:00Z" };
  const { jobIds } = await node.api.jobDefinitions.backfill("joined", range);
  const window = { after: "2026-12-02T05:00:00Z", before: "2026-12-02T12:00:00Z" };
  const { occurrences } = await node.api.jobDefinitions.occurrences("joined", window);
  const missed = { outcome: "missed", reason: "catchUp is none" };
  const none = { jobId: null, lateMs: null };
  expect(occurrences).toEqual([
    { from: "2026-12-02T06:00:00.000Z", to: "2026-12-02T08:00:00.000Z", count: 1, ...missed },
    { scheduledFor: "2026-12-02T07:00:00.000Z", ...missed, ...none, backfillJobId: jobIds[0] },
    { scheduledFor: "2026-12-02T08:00:00.000Z", ...missed, ...none, backfillJobId: jobIds[1] },
    {
      scheduledFor: "2026-12-02T09:00:00.000Z",
      outcome: "skipped",
      reason: "previous job still unfinished",
      ...none,
      backfillJobId: jobIds[2],
    },
  ]);
});

test("where overlap is allowed they all start at once, otherwise one after another in the order of their times", async () => {
  for (const overlap of ["allow", "skip", "queueOne", "cancelRunning"]) {
    const code = `overlap-${overlap}`;
    await define(code, { cron: "0 * * * *", overlap }, "hanging");
    const { jobIds } = await node.api.jobDefinitions.backfill(code, morning);
    if (overlap === "allow") {
      await node.run("claim-jobs");
      await Promise.all(jobIds.map(hasStarted));
      for (const jobId of jobIds) release(jobId);
      continue;
    }
    for (const [index, jobId] of jobIds.entries()) {
      await node.run("let-held-jobs");
      await node.run("claim-jobs");
      await hasStarted(jobId);
      await node.run("let-held-jobs");
      const phases = await Promise.all(jobIds.map(async (id) => (await node.api.jobs.get(id)).phase));
      expect(phases).toEqual(jobIds.map((_, at) => (at < index ? "DONE" : at === index ? "RUNNING" : "QUEUED")));
      release(jobId);
      await waitForJob(node.api, jobId);
    }
  }
});

test("a range of any length is told how many occurrences it has, and none of it is made", async () => {
  await define("seconds", { cron: "* * * * * ?" });
  const million = { from: "2026-11-01T00:00:00Z", to: "2026-11-12T13:46:40Z" };
  const answer = problemOf(await send("POST", "/job-definitions/seconds/_backfill", million));
  expect(answer).toMatchObject({
    status: 400,
    errors: [{ path: "/to", message: expect.stringContaining("1,000,000 occurrences") }],
  });
  const ever = await send("POST", "/job-definitions/seconds/_backfill", {
    from: "1970-01-01T00:00:00Z",
    to: million.to,
  });
  expect(problemOf(ever).errors?.[0]?.path).toBe("/to");
  const thousandAndOne = { from: "2026-11-01T00:00:00Z", to: "2026-11-01T00:16:41Z" };
  expect((await send("POST", "/job-definitions/seconds/_backfill", thousandAndOne)).status).toBe(400);
  expect((await node.api.jobs.list({ jobDefinitionCode: "seconds" })).jobs).toEqual([]);

  const thousand = { ...thousandAndOne, to: "2026-11-01T00:16:40Z" };
  const { jobIds } = await node.api.jobDefinitions.backfill("seconds", thousand);
  expect(new Set(jobIds).size).toBe(1000);
  expect((await node.api.jobDefinitions.backfill("seconds", thousand)).jobIds).toEqual(jobIds);
});

test("exclusions and the schedule's window hold; a range without an occurrence makes nothing", async () => {
  await define("windowed", {
    cron: "0 * * * *",
    startAt: "2026-12-02T07:00:00Z",
    exclude: { crons: ["0 8 * * *"] },
  });
  const { jobIds } = await node.api.jobDefinitions.backfill("windowed", morning);
  expect(jobIds).toHaveLength(1);
  const nothing = { from: "2026-12-02T08:00:00Z", to: "2026-12-02T08:59:00Z" };
  expect((await node.api.jobDefinitions.backfill("windowed", nothing)).jobIds).toEqual([]);
  expect((await node.api.jobDefinitions.backfill("windowed", { ...nothing, to: nothing.from })).jobIds).toEqual([]);
});

test.each([
  [{ from: morning.to, to: morning.from }, ["/from"]],
  [{ ...morning, to: "2026-12-02T12:00:31Z" }, ["/to"]],
  [{ from: "2026-12-03T00:00:00Z", to: "2026-12-04T00:00:00Z" }, ["/to"]],
  [{ from: "2026-12-04T00:00:00Z", to: "2026-12-03T00:00:00Z" }, ["/from", "/to"]],
  [{ from: morning.from }, ["/to"]],
  [{}, ["/from", "/to"]],
  [{ ...morning, from: "yesterday" }, ["/from"]],
  [{ ...morning, from: 1764655200 }, ["/from"]],
  [{ ...morning, from: "9999-12-31T23:59:60Z" }, ["/from"]],
  [{ ...morning, params: {} }, ["/params"]],
])("%j is refused with pointers", async (body, paths) => {
  await define("refused", { cron: "0 * * * *" });
  const { status, errors } = problemOf(await send("POST", "/job-definitions/refused/_backfill", body));
  expect({ status, paths: errors?.map((error) => error.path).sort() }).toEqual({ status: 400, paths });
  expect((await node.api.jobs.list({ jobDefinitionCode: "refused" })).jobs).toEqual([]);
});

test("what was backfilled is remembered for as long as jobs are kept", async () => {
  const kept = await openTestNode({ services: "byHand", flags: { "retention-days": "10" } });
  try {
    const clock = fakeClock(kept.database);
    await clock.set("2026-12-02T12:00:30Z");
    const definition = { jobDefinitionCode: "daily", jobType: "echo", schedule: { cron: "0 0 * * *" } };
    await kept.api.jobDefinitions.create({ jobDefinition: definition });
    const range = { from: "2026-12-01T00:00:00Z", to: "2026-12-02T00:00:00Z" };
    const { jobIds } = await kept.api.jobDefinitions.backfill("daily", range);
    await clock.advance(9 * 86_400_000);
    await kept.run("apply-retention");
    expect((await kept.api.jobDefinitions.backfill("daily", range)).jobIds).toEqual(jobIds);
    await clock.advance(2 * 86_400_000);
    await kept.run("apply-retention");
    expect((await kept.api.jobDefinitions.backfill("daily", range)).jobIds).not.toEqual(jobIds);
  } finally {
    await kept.close();
  }
});

test("a definition without a schedule, or that is not there, has nothing to make", async () => {
  await define("bare", null);
  const answer = problemOf(await send("POST", "/job-definitions/bare/_backfill", morning));
  expect(answer).toMatchObject({
    status: 400,
    errors: [{ path: "", message: expect.stringContaining("no schedule") }],
  });
  expect(statusAndCode(await send("POST", "/job-definitions/nowhere/_backfill", morning))).toBe("404 NOT_FOUND");
  expect(statusAndCode(await send("POST", "/job-definitions/bare/_backfill"))).toBe("400 VALIDATION_FAILED");
});

test("the time that a job may wait in the queue begins when it is let go", async () => {
  const waiting = await startTestNode({ services: "byHand" });
  const clock = fakeClock(waiting.database);
  await clock.set("2026-12-02T12:00:30Z");
  await waiting.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "patient",
      jobType: "echo",
      schedule: { cron: "0 * * * *", overlap: "skip" },
      options: { queueTimeoutSeconds: 60 },
    },
  });
  const { jobIds } = await waiting.api.jobDefinitions.backfill("patient", morning);
  const ends = async () =>
    Promise.all(jobIds.map((id) => waiting.api.jobs.get(id).then((job) => job.error?.code ?? job.waitingFor)));
  await expect.poll(ends).toEqual(["slot", "overlap", "overlap"]);
  await clock.advance(59_000);
  await waiting.run("expire-jobs");
  expect(await ends()).toEqual(["slot", "overlap", "overlap"]);
  await clock.advance(2_000);
  await waiting.run("expire-jobs");
  // The end of the first lets the second go.
  await expect.poll(ends).toEqual(["TIMED_OUT", "slot", "overlap"]);
  await clock.advance(59_000);
  await waiting.run("expire-jobs");
  expect(await ends()).toEqual(["TIMED_OUT", "slot", "overlap"]);
  await clock.advance(2_000);
  await waiting.run("expire-jobs");
  await expect.poll(ends).toEqual(["TIMED_OUT", "TIMED_OUT", "slot"]);
});

test("a definition that is saved meanwhile stops the call; sent again it makes the rest by what the definition says now", async () => {
  await define("edited", { cron: "*/10 * * * *" }, "echo", { text: "old" });
  // Somebody saves it after the first piece, in the middle of a call.
  const { sql } = node.database;
  await sql`
    create function save_edited() returns trigger language plpgsql as $$
    begin
      update job_definition set version = version + 1, params = '{"text":"new"}'
       where job_definition_code = 'edited' and params ->> 'text' = 'old';
      return null;
    end $$`;
  await sql`create trigger save_edited after insert on backfill for each statement execute function save_edited()`;
  const week = { from: "2026-11-25T00:00:00Z", to: "2026-11-27T00:00:00Z" };
  const answer = await send("POST", "/job-definitions/edited/_backfill", week);
  expect(statusAndCode(answer)).toBe("409 CONFLICT");
  const { jobIds } = await node.api.jobDefinitions.backfill("edited", week);
  await sql`drop trigger save_edited on backfill`;
  const made = await sql`
    select definition_version, params ->> 'text' as text, count(*)::integer as jobs from job
     where job_definition_code = 'edited' group by 1, 2 order by 1`;
  expect(made.map(({ text, jobs }) => [text, jobs])).toEqual([
    ["old", 250],
    ["new", 38],
  ]);
  expect(jobIds).toHaveLength(288);
});
