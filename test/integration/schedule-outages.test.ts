import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fireSchedules } from "../../src/domain/fire-schedules.ts";
import { settleBacklogs } from "../../src/domain/settle-backlogs.ts";
import type { Schedule } from "../../src/model/schedule.ts";
import { fakeClock } from "../support/clock.ts";
import { ledgerOf } from "../support/ledger.ts";
import { openTestNode, startTestNode, type TestNode } from "../support/nodes.ts";

async function save(node: TestNode, schedule: Partial<Omit<Schedule, "exclude">>, code = "tick"): Promise<void> {
  await node.api.jobDefinitions.put(code, {
    jobDefinition: { jobDefinitionCode: code, jobType: "echo", schedule: { cron: "*/30 * * * *", ...schedule } },
  });
}

const catchUps = ["none", "latest", "all"] as const;
const overlaps = ["allow", "skip", "queueOne", "cancelRunning"] as const;

/**
 * One node for all tests of a group, on which a schedule for each catch-up and overlap rule goes through the same outage.
 *
 * @returns the node, once a test runs
 */
function throughOutage(from: string, to: string, schedule: Parameters<typeof save>[1]): () => TestNode {
  let open: Awaited<ReturnType<typeof openTestNode>> | undefined;
  beforeAll(async () => {
    const node = await openTestNode({ services: "byHand" });
    open = node;
    const clock = fakeClock(node.database);
    await clock.set(from);
    for (const catchUp of catchUps) {
      for (const overlap of overlaps) await save(node, { ...schedule, catchUp, overlap }, `${catchUp}-${overlap}`);
    }
    await clock.set(to);
    const behind = () => node.database.sql`
      select from schedule_backlog union all select from schedule where next_fire_at <= app_now()`;
    // A look at held jobs may have a schedule's lock when its backlog has its turn: that comes again then.
    do await node.run("fire-schedules");
    while ((await behind()).length > 0);
  });
  afterAll(() => open?.close());
  return () => {
    if (!open) throw new Error("the node has not started");
    return open;
  };
}

async function statesOf(node: TestNode, code: string): Promise<string[]> {
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: code, limit: 200 });
  return jobs
    .map((job) => `${job.trigger.scheduledFor?.slice(11, 16)} ${job.error?.code ?? job.waitingFor ?? job.phase}`)
    .sort();
}

const older = "older than catchUpWindowSeconds";
const newer = "catchUp is latest: only the newest is made";
const unfinished = "skipped: previous job still unfinished";
const queued = "skipped: one already queued";

/** Every half hour, away from 9:40 to 12:10; the window is 3,600 s: what was due at 10:00, 10:30 and 11:00 is older. */
describe("after an outage of two hours", () => {
  const outage = throughOutage("2026-11-24T09:40:00Z", "2026-11-24T12:10:00Z", {});
  test.each<{ catchUp: Schedule["catchUp"]; overlap: Schedule["overlap"]; ledger: string[]; jobs: string[] }>([
    ...(["allow", "skip", "queueOne", "cancelRunning"] as const).flatMap((overlap) => [
      {
        catchUp: "none" as const,
        overlap,
        ledger: ["10:00:00–12:00:00 ×5 missed: catchUp is none"],
        jobs: [],
      },
      {
        catchUp: "latest" as const,
        overlap,
        ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, `11:30:00 missed: ${newer}`, "12:00:00 late catchUp"],
        jobs: ["12:00 slot"],
      },
    ]),
    {
      catchUp: "all",
      overlap: "allow",
      ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", "12:00:00 late catchUp"],
      jobs: ["11:30 slot", "12:00 slot"],
    },
    {
      catchUp: "all",
      overlap: "skip",
      ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", `12:00:00 ${unfinished}`],
      jobs: ["11:30 slot"],
    },
    {
      catchUp: "all",
      overlap: "queueOne",
      ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", "12:00:00 late catchUp"],
      jobs: ["11:30 slot", "12:00 overlap"],
    },
    {
      catchUp: "all",
      overlap: "cancelRunning",
      ledger: [`10:00:00–11:00:00 ×3 missed: ${older}`, "11:30:00 late catchUp", "12:00:00 late catchUp"],
      jobs: ["11:30 CANCELLED", "12:00 slot"],
    },
  ])("catchUp $catchUp, overlap $overlap", async ({ catchUp, overlap, ledger, jobs }) => {
    const node = outage();
    const code = `${catchUp}-${overlap}`;
    expect(await ledgerOf(node, code)).toEqual(ledger);
    expect(await statesOf(node, code)).toEqual(jobs);
    expect((await node.api.jobDefinitions.get(code)).jobDefinition.nextFireAt).toBe("2026-11-24T12:30:00.000Z");
  });
});

/** The last minute of the outage is made whatever `catchUp` says, and before what is caught up. */
const lastMinute: Record<Schedule["overlap"], string[]> = {
  allow: ["11:59:10–12:00:04 ×55 late schedule", "12:00:05–12:00:10 ×6 fired schedule"],
  skip: ["11:59:10 late schedule", `11:59:11–12:00:10 ×60 ${unfinished}`],
  queueOne: ["11:59:10–11:59:11 ×2 late schedule", `11:59:12–12:00:10 ×59 ${queued}`],
  cancelRunning: ["11:59:10–12:00:04 ×55 late schedule", "12:00:05–12:00:10 ×6 fired schedule"],
};
/** What the queue holds in the end. */
const lastMinuteQueued: Record<Schedule["overlap"], string[]> = {
  allow: ["11:59:10–12:00:10 ×61 ready"],
  skip: ["11:59:10 ready"],
  queueOne: ["11:59:10 ready", "11:59:11 held"],
  cancelRunning: ["12:00:10 ready"],
};
const ofNone = ["12:00:01–23:59:59 ×43199 missed: catchUp is none", "00:00:00–11:59:09 ×43150 missed: catchUp is none"];
const tooOld = [`12:00:01–23:59:59 ×43199 missed: ${older}`, `00:00:00–10:00:09 ×36010 missed: ${older}`];
const notNewest = `10:00:10–11:59:08 ×7139 missed: ${newer}`;
const tooMany = "10:16:50–11:59:09 ×6140 missed: catchUp makes 1000 jobs at most";

describe("a day of an every-second schedule", () => {
  const schedule = { cron: "* * * * * *", catchUpWindowSeconds: 7_200 };
  const outage = throughOutage("2026-11-23T12:00:00.500Z", "2026-11-24T12:00:10Z", schedule);
  test.each<{ catchUp: Schedule["catchUp"]; overlap: Schedule["overlap"]; beyond: string[]; queue?: string[] }>([
    ...(["allow", "skip", "queueOne", "cancelRunning"] as const).map((overlap) => ({
      catchUp: "none" as const,
      overlap,
      beyond: ofNone,
    })),
    {
      catchUp: "latest",
      overlap: "allow",
      beyond: [...tooOld, notNewest, "11:59:09 late catchUp"],
      queue: ["11:59:09–12:00:10 ×62 ready"],
    },
    { catchUp: "latest", overlap: "skip", beyond: [...tooOld, notNewest, `11:59:09 ${unfinished}`] },
    { catchUp: "latest", overlap: "queueOne", beyond: [...tooOld, notNewest, `11:59:09 ${queued}`] },
    { catchUp: "latest", overlap: "cancelRunning", beyond: [...tooOld, notNewest, "11:59:09 late catchUp"] },
    {
      catchUp: "all",
      overlap: "allow",
      beyond: [...tooOld, "10:00:10–10:16:49 ×1000 late catchUp", tooMany],
      queue: ["10:00:10–12:00:10 ×1061 ready"],
    },
    { catchUp: "all", overlap: "skip", beyond: [...tooOld, `10:00:10–10:16:49 ×1000 ${unfinished}`, tooMany] },
    { catchUp: "all", overlap: "queueOne", beyond: [...tooOld, `10:00:10–10:16:49 ×1000 ${queued}`, tooMany] },
    { catchUp: "all", overlap: "cancelRunning", beyond: [...tooOld, "10:00:10–10:16:49 ×1000 late catchUp", tooMany] },
  ])("catchUp $catchUp, overlap $overlap", async ({ catchUp, overlap, beyond, queue = lastMinuteQueued[overlap] }) => {
    const node = outage();
    const code = `${catchUp}-${overlap}`;
    expect(runsOf(await ledgerOf(node, code))).toEqual([...beyond, ...lastMinute[overlap]]);
    const rows = await node.database.sql<{ line: string }[]>`
      select to_char(scheduled_for at time zone 'UTC', 'HH24:MI:SS ') || state as line from job_queue
       where job_definition_code = ${code} order by scheduled_for`;
    expect(runsOf(rows.map((row) => row.line))).toEqual(queue);
  });
});

/** Puts lines of one text that follow each other into one: `12:00:00–12:00:09 ×10 fired schedule`. */
function runsOf(lines: readonly string[]): string[] {
  const runs: { from: string; to: string; count: number; text: string }[] = [];
  for (const line of lines) {
    const [, time = "", text = ""] = /^(\S+) (.*)$/.exec(line) ?? [];
    const last = runs.at(-1);
    if (last?.text !== text || text.startsWith("×")) runs.push({ from: time, to: time, count: 1, text });
    else Object.assign(last, { to: time, count: last.count + 1 });
  }
  return runs.map(({ from, to, count, text }) => (count === 1 ? `${from} ${text}` : `${from}–${to} ×${count} ${text}`));
}

test("an outage longer than what is kept is told of as far back as that", async () => {
  const node = await startTestNode({ services: "byHand", flags: { "retention-days": "2" } });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-01T12:00:00Z");
  await save(node, { cron: "0 * * * *", catchUp: "none" });
  await clock.set("2026-11-24T12:30:00Z");
  await node.run("fire-schedules");
  expect(await ledgerOf(node, "tick")).toEqual([
    "13:00:00–23:00:00 ×11 missed: catchUp is none",
    "00:00:00–23:00:00 ×24 missed: catchUp is none",
    "00:00:00–12:00:00 ×13 missed: catchUp is none",
  ]);
});

test("a day's outage of many schedules settles in bounded slices, and what is due goes first", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-23T12:00:00.500Z");
  for (let index = 0; index < 12; index += 1) {
    await save(node, { cron: "* * * * * *", catchUp: "all", catchUpWindowSeconds: 86_400 }, `many-${index}`);
  }
  await clock.set("2026-11-24T12:00:00Z");
  const fireAll = async () => {
    while ((await fireSchedules(node.context, "")).schedules > 0) {}
  };
  const countJobs = async () => {
    const [row] = await node.database.sql<{ jobs: number }[]>`select count(*)::integer as jobs from job`;
    return row?.jobs ?? 0;
  };
  await fireAll();
  // What was due in the last minute, and nothing else.
  expect(await countJobs()).toBe(12 * 61);
  const slices: number[] = [];
  for (let startAfter = ""; ; ) {
    const before = await countJobs();
    const slice = await settleBacklogs(node.context, startAfter);
    startAfter = slice.startAfter;
    if (slice.settled === 0 && startAfter === "") break;
    slices.push((await countJobs()) - before);
    await clock.advance(1_000);
    await fireAll();
    const late = await node.database.sql`
      select from occurrence where scheduled_for = app_now() and outcome <> 'fired'`;
    expect(late).toHaveLength(0);
  }
  expect(Math.max(...slices)).toBeLessThanOrEqual(1_000);
  const kinds = await node.database.sql`
    select count(*)::integer as jobs from job where trigger_kind = 'catchUp'`;
  expect(kinds).toEqual([{ jobs: 12_000 }]);
  const [row] = await node.database.sql`
    select count(*)::integer as definitions, sum(covered)::integer as occurrences
      from (select definition_id, sum(count) as covered from occurrence where scheduled_for < '2026-11-24T12:00:01Z'
             group by definition_id) c where covered = 86400`;
  expect(row).toEqual({ definitions: 12, occurrences: 12 * 86_400 });
}, 60_000);

test("a day's outage of a thousand every-second schedules: between two slices everything that is due fires", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2037-11-23T12:00:00.500Z");
  // Nothing is due in the minute before the hour, so that the last minute of the outage, which is made anyway, is empty.
  const exclude = { crons: ["0-59 59 * * * *"] };
  await node.api.jobDefinitions.create({
    jobDefinition: {
      jobDefinitionCode: "many-0",
      jobType: "echo",
      schedule: { cron: "* * * * * *", catchUp: "all", catchUpWindowSeconds: 65, exclude },
    },
  });
  const { sql } = node.database;
  await copyDefinition(sql, "many-0", 999);
  await clock.set("2037-11-24T12:00:00Z");
  const fireAll = async () => {
    while ((await fireSchedules(node.context, "")).schedules > 0) {}
    const [row] = await sql`
      select count(*)::integer as fired from occurrence
       where scheduled_for = app_now() and outcome = 'fired' and late_ms = 0`;
    expect(row).toEqual({ fired: 1_000 });
  };
  const caughtUp = async () => (await sql`select from job where trigger_kind = 'catchUp'`).count;
  await fireAll();
  expect(await caughtUp()).toBe(0);
  const slices: number[] = [];
  for (let startAfter = ""; ; ) {
    const before = await caughtUp();
    const slice = await settleBacklogs(node.context, startAfter);
    startAfter = slice.startAfter;
    if (slice.settled === 0 && startAfter === "") break;
    slices.push((await caughtUp()) - before);
    await clock.advance(1_000);
    await fireAll();
  }
  expect(Math.max(...slices)).toBeLessThanOrEqual(1_000);
  // From 11:58:55 to 11:58:59 of each; of the rest it is told that it was missed.
  expect(slices.reduce((sum, one) => sum + one, 0)).toBe(5_000);
  const covered = await sql`
    select sum(count)::integer as occurrences, count(distinct definition_id)::integer as definitions
      from occurrence where scheduled_for < '2037-11-24T12:00:00Z'`;
  expect(covered).toEqual([{ occurrences: 1_000 * (86_399 - 24 * 60), definitions: 1_000 }]);
});

/** Writes so many more definitions like one, due when it is. */
function copyDefinition(sql: TestNode["database"]["sql"], code: string, copies: number): Promise<unknown> {
  return sql`
    with made as (
      insert into job_definition (definition_id, customer_code, job_definition_code, job_type, name, description, params, options,
                                  schedule, schedule_saved_by)
      select gen_random_uuid(), customer_code, 'copy-' || n, job_type, name, description, params, options, schedule, schedule_saved_by
        from job_definition, generate_series(1, ${copies}::integer) n where job_definition_code = ${code}
      returning definition_id, customer_code)
    insert into schedule (definition_id, customer_code, position, next_fire_at)
    select made.definition_id, made.customer_code, s.position, s.next_fire_at
      from made, schedule s join job_definition d using (definition_id) where d.job_definition_code = ${code}`;
}

test("what several slices skip of a schedule is one row of its ledger", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2037-11-24T11:00:00.500Z");
  // Three share a slice of a thousand.
  for (const code of ["a", "b", "c"]) await save(node, { cron: "* * * * * *", catchUp: "all", overlap: "skip" }, code);
  await clock.set("2037-11-24T12:00:00Z");
  await fireSchedules(node.context, "");
  let slices = 0;
  for (let startAfter = ""; ; slices += 1) {
    const slice = await settleBacklogs(node.context, startAfter);
    startAfter = slice.startAfter;
    if (slice.settled === 0 && startAfter === "") break;
  }
  expect(slices).toBeGreaterThan(3);
  for (const code of ["a", "b", "c"]) {
    expect((await ledgerOf(node, code)).slice(0, 2)).toEqual([
      `11:00:01–11:16:40 ×1000 ${unfinished}`,
      "11:16:41–11:58:59 ×2539 missed: catchUp makes 1000 jobs at most",
    ]);
  }
});

test("a customer that is alone with many schedules behind has a slice for itself", async () => {
  const node = await startTestNode({ services: "byHand" });
  const clock = fakeClock(node.database);
  await clock.set("2026-11-24T11:30:00Z");
  for (let index = 0; index < 30; index += 1) await save(node, { cron: "0 * * * *" }, `hourly-${index}`);
  await clock.set("2026-11-24T12:30:00Z");
  await fireSchedules(node.context, "");
  expect(await settleBacklogs(node.context, "")).toMatchObject({ settled: 30 });
});

test("where schedules are due without a pause, or another node has those that are, catching up goes on all the same", async () => {
  const node = await startTestNode({ services: "byHand" });
  const { sql } = node.database;
  const clock = fakeClock(node.database);
  await clock.set("2037-11-24T11:30:00Z");
  await save(node, { cron: "0 * * * *" }, "behind");
  await save(node, { cron: "* * * * * *", catchUp: "all", catchUpWindowSeconds: 7_200 }, "long");
  await clock.set("2037-11-24T12:30:00Z");
  while ((await fireSchedules(node.context, "")).schedules > 0) {}
  const caughtUp = async () => (await sql`select from job where trigger_kind = 'catchUp'`).count;
  await save(node, { cron: "* * * * * *" }, "busy");
  const busy = await sql`
    update schedule set next_fire_at = app_now()
     where definition_id = (select definition_id from job_definition where job_definition_code = 'busy') returning 1`;
  expect(busy).toHaveLength(1);
  await sql.begin(async (others) => {
    await others`select from schedule where next_fire_at <= app_now() for update`;
    await node.run("fire-schedules");
  });
  expect(await caughtUp()).toBe(251);
  await sql`
    create function stays_due() returns trigger language plpgsql as $$
    begin new.next_fire_at := app_now(); return new; end $$`;
  await sql`
    create trigger stays_due before update on schedule for each row when (old.next_fire_at = app_now())
    execute function stays_due()`;
  await node.run("fire-schedules");
  expect(await caughtUp()).toBe(1_001);
});
