/** What the lists of occurrences answer of the ledger, of backfills and of what is to come. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Client } from "../../src/client/client.ts";
import { fakeClock } from "../support/clock.ts";
import { addCustomer } from "../support/customers.ts";
import { problemOf, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { settleSchedule, writeBackfill, writeLedger } from "../support/written-ledger.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  await fakeClock(node.database).set("2026-03-02T12:00:30Z");
  // The node's idea of the time, by which a schedule's window is judged.
  await node.run("heartbeat");
});
afterAll(() => node.close());

type Query = Parameters<Client["occurrences"]["list"]>[0] & object;

/** A definition that is settled up to the present, and fires next as its schedule says. */
async function define(code: string, cron: string, nextFireAt: string | null, more: object = {}): Promise<void> {
  const schedule = { cron, ...more };
  await node.api.jobDefinitions.put(code, { jobDefinition: { jobDefinitionCode: code, jobType: "echo", schedule } });
  await settleSchedule(node.database, code, "2026-03-02T12:00:00Z", nextFireAt);
}

/** Every page of a list, each entry in one line. */
async function all(read: (query: Query) => ReturnType<Client["occurrences"]["list"]>, query: Query): Promise<string[]>;
async function all(
  read: (query: Query) => ReturnType<Client["jobDefinitions"]["occurrences"]>,
  query: Query,
): Promise<string[]>;
async function all(
  read: (query: Query) => Promise<{ occurrences: object[]; nextCursor: string | null }>,
  query: Query,
): Promise<string[]> {
  const lines: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { occurrences: object[]; nextCursor: string | null } = await read({
      ...query,
      ...(cursor && { cursor }),
    });
    expect(page.occurrences.length).toBeLessThanOrEqual(query.limit ?? 50);
    lines.push(...page.occurrences.map(line));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return lines;
}

function line(one: object): string {
  const {
    scheduledFor,
    from,
    to,
    count,
    outcome,
    reason,
    jobId,
    backfillJobId,
    jobDefinitionCode,
  }: Record<string, unknown> = { ...one };
  const parts = [jobDefinitionCode, scheduledFor ?? `${from}..${to} ${count}`, outcome, reason];
  if (jobId) parts.push("job");
  if (backfillJobId) parts.push("backfilled");
  return parts
    .filter((part) => part !== undefined && part !== null)
    .join(" ")
    .replaceAll(":00.000Z", "")
    .replaceAll("2026-", "");
}

const of = (code: string) => (query: Query) => node.api.jobDefinitions.occurrences(code, query);

describe("one definition", () => {
  beforeAll(async () => {
    await define("hourly", "0 * * * *", "2026-03-02T13:00:00Z");
    await writeLedger(node.database, "hourly", [
      { at: "2026-03-01T20:00:00Z", until: "2026-03-01T23:00:00Z", count: 4, outcome: "missed", reason: "an outage" },
      { at: "2026-03-02T00:00:00Z", until: "2026-03-02T05:00:00Z", count: 6, outcome: "missed", reason: "an outage" },
      { at: "2026-03-02T06:00:00Z", outcome: "late", jobId: randomUUID(), lateMs: 7_000 },
      { at: "2026-03-02T07:00:00Z", outcome: "fired", jobId: randomUUID(), lateMs: 12 },
      { at: "2026-03-02T08:00:00Z", until: "2026-03-02T10:00:00Z", count: 3, outcome: "skipped", reason: "paused" },
      { at: "2026-03-02T11:00:00Z", outcome: "skipped", reason: "previous job still unfinished" },
      { at: "2026-03-02T12:00:00Z", outcome: "fired", jobId: randomUUID(), lateMs: 3 },
    ]);
    // Two of a range, all of another, a time that has a row to itself, and times at which nothing was scheduled.
    for (const at of ["2026-03-02T00:00:00Z", "2026-03-02T03:00:00Z", "2026-03-02T11:00:00Z", "2026-02-28T10:00:00Z"]) {
      await writeBackfill(node.database, "hourly", at, randomUUID());
    }
    for (const hour of ["08", "09", "10"]) {
      await writeBackfill(node.database, "hourly", `2026-03-02T${hour}:00:00Z`, randomUUID());
    }
  });

  const whole = [
    "02-28T10:00 missed not scheduled at that time backfilled",
    "03-01T20:00..03-01T23:00 4 missed an outage",
    "03-02T00:00..03-02T05:00 4 missed an outage",
    "03-02T00:00 missed an outage backfilled",
    "03-02T03:00 missed an outage backfilled",
    "03-02T06:00 late job",
    "03-02T07:00 fired job",
    "03-02T08:00 skipped paused backfilled",
    "03-02T09:00 skipped paused backfilled",
    "03-02T10:00 skipped paused backfilled",
    "03-02T11:00 skipped previous job still unfinished backfilled",
    "03-02T12:00 fired job",
    "03-02T13:00 expected",
    "03-02T14:00 expected",
  ];
  const window = { before: "2026-03-02T15:00:00Z" };

  test.each([1, 2, 3, 4, 5, 7, 50, 200])("past and future are one list, in pages of %i", async (limit) => {
    expect(await all(of("hourly"), { ...window, limit })).toEqual(whole);
  });

  test("each entry has the fields of its kind", async () => {
    const { occurrences } = await node.api.jobDefinitions.occurrences("hourly", {
      after: "2026-03-02T03:30:00Z",
      limit: 2,
    });
    expect(occurrences).toEqual([
      {
        from: "2026-03-02T00:00:00.000Z",
        to: "2026-03-02T05:00:00.000Z",
        count: 4,
        outcome: "missed",
        reason: "an outage",
      },
      {
        scheduledFor: "2026-03-02T06:00:00.000Z",
        outcome: "late",
        reason: null,
        jobId: expect.stringMatching(/^20260302-/),
        lateMs: 7000,
        backfillJobId: null,
      },
    ]);
  });

  test("both bounds are exclusive, and a range that reaches into the window is told", async () => {
    const inner = { after: "2026-03-02T06:00:00Z", before: "2026-03-02T12:00:00Z" };
    expect(await all(of("hourly"), inner)).toEqual(whole.slice(6, 11));
    expect(await all(of("hourly"), { ...inner, after: "2026-03-02T05:59:59Z" })).toEqual(whole.slice(5, 11));
    expect(await all(of("hourly"), { ...inner, after: "2026-03-02T05:00:00Z", limit: 1 })).toEqual(whole.slice(5, 11));
    const ahead = { after: "2026-03-02T13:00:00Z", before: "2026-03-02T14:00:01Z" };
    expect(await all(of("hourly"), ahead)).toEqual(whole.slice(13));
    expect(await all(of("hourly"), { after: "2026-03-01T22:00:00Z", before: "2026-03-02T00:00:00Z" })).toEqual([
      whole[1],
    ]);
    expect(await all(of("hourly"), { after: "2026-03-01T23:00:00Z", before: "2026-03-02T00:00:00Z" })).toEqual([]);
  });

  test.each(["fired", "late", "skipped", "missed", "expected"] as const)("only those that are %s", async (outcome) => {
    const expected = whole.filter((one) => one.includes(` ${outcome}`));
    expect(expected.length).toBeGreaterThan(0);
    for (const limit of [1, 3, 50]) expect(await all(of("hourly"), { ...window, outcome, limit })).toEqual(expected);
  });

  test("without bounds it is a week before now and a week after", async () => {
    const lines = await all(of("hourly"), { limit: 200 });
    expect(lines.slice(0, 14)).toEqual(whole);
    expect(lines.at(-1)).toBe("03-09T12:00 expected");
    const future = await all(of("hourly"), { after: "2027-01-01T00:00:30Z", limit: 200 });
    expect(future).toHaveLength(7 * 24);
  });

  test("a schedule that is paused, at its end or removed expects nothing", async () => {
    await define("ended", "0 * * * *", null);
    expect(await all(of("ended"), {})).toEqual([]);
    await define("excluded", "0 12 * * *", "2026-03-03T12:00:00Z", {
      exclude: { dates: ["2026-03-04"] },
      endAt: "2026-03-06T12:00:00Z",
    });
    expect(await all(of("excluded"), {})).toEqual(["03-03T12:00 expected", "03-05T12:00 expected"]);
  });
});

test("an outcome that is rare is found among many thousands of rows, some at a time", async () => {
  await define("busy", "* * * * * ?", null);
  await node.database.sql`select make_occurrence_day('2026-02-20')`;
  await node.database.sql`
    insert into occurrence (definition_id, scheduled_for, customer_code, until, outcome, reason, job_day, job_id, late_ms)
    select d.definition_id, at, 'demo', at, case when n % 9000 = 0 then 'skipped' else 'fired' end, null,
           case when n % 9000 <> 0 then date '2026-02-20' end, case when n % 9000 <> 0 then gen_random_uuid() end, 0
      from job_definition d, generate_series(1, 20000) n,
           lateral (select timestamptz '2026-02-20T00:00:00Z' + n * interval '1 second' as at) t
     where d.job_definition_code = 'busy'`;
  const query = { after: "2026-02-20T00:00:00Z", before: "2026-02-21T00:00:00Z", outcome: "skipped" } as const;
  const first = await node.api.jobDefinitions.occurrences("busy", query);
  expect(first.nextCursor).not.toBeNull();
  expect(await all(of("busy"), query)).toEqual(["02-20T02:30 skipped", "02-20T05:00 skipped"]);
  expect(await all((wanted) => node.api.occurrences.list(wanted), query)).toEqual([
    "busy 02-20T02:30 skipped",
    "busy 02-20T05:00 skipped",
  ]);
});

test("a definition tells what came of its last 30 occurrences, and when it fires next", async () => {
  await define("told", "0 * * * *", "2026-03-02T13:00:00Z");
  expect((await node.api.jobDefinitions.get("told")).jobDefinition.lastOutcomes).toEqual([]);
  await writeLedger(node.database, "told", [
    { at: "2026-03-01T00:00:00Z", until: "2026-03-01T22:00:00Z", count: 23, outcome: "missed" },
    { at: "2026-03-01T23:00:00Z", outcome: "late", jobId: randomUUID() },
    { at: "2026-03-02T00:00:00Z", until: "2026-03-02T08:00:00Z", count: 9, outcome: "skipped" },
    { at: "2026-03-02T09:00:00Z", outcome: "fired", jobId: randomUUID() },
  ]);
  const { jobDefinition } = await node.api.jobDefinitions.get("told");
  expect(jobDefinition.nextFireAt).toBe("2026-03-02T13:00:00.000Z");
  expect(jobDefinition.lastOutcomes).toEqual([
    ...Array(19).fill("missed"),
    "late",
    ...Array(9).fill("skipped"),
    "fired",
  ]);
  const { jobDefinitions } = await node.api.jobDefinitions.list();
  expect(jobDefinitions.find((one) => one.jobDefinitionCode === "told")).toEqual(jobDefinition);
  const changed = await node.api.jobDefinitions.change("told", {
    jobDefinition: { ...jobDefinition, name: "renamed" },
  });
  expect(changed.jobDefinition.lastOutcomes).toEqual(jobDefinition.lastOutcomes);
});

describe("all definitions of a customer", () => {
  const list = (query: Query) => node.api.occurrences.list(query);
  const window = { after: "2025-06-01T00:00:00Z", before: "2025-06-01T12:00:00Z" };

  test("in one list, page by page, those of one moment in a fixed order", async () => {
    for (const code of ["a", "b", "c"]) {
      await define(code, "0 */4 * * *", "2026-03-02T16:00:00Z");
      await writeLedger(node.database, code, [
        { at: "2025-05-31T20:00:00Z", outcome: "missed" },
        { at: "2025-06-01T00:00:00Z", until: "2025-06-01T04:00:00Z", count: 2, outcome: "missed" },
        { at: "2025-06-01T08:00:00Z", outcome: "fired", jobId: randomUUID() },
      ]);
      await writeBackfill(node.database, code, "2025-06-01T04:00:00Z", randomUUID());
    }
    const whole = await all(list, { ...window, limit: 200 });
    expect(whole.map((one) => one.slice(2))).toEqual([
      ...Array(3).fill("2025-06-01T00:00..2025-06-01T04:00 1 missed"),
      ...Array(3).fill("2025-06-01T04:00 missed backfilled"),
      ...Array(3).fill("2025-06-01T08:00 fired job"),
    ]);
    expect(new Set(whole).size).toBe(9);
    for (const limit of [1, 2, 4, 5, 8, 9]) expect(await all(list, { ...window, limit })).toEqual(whole);

    const ahead = { after: "2026-03-02T15:59:59Z", before: "2026-03-03T00:00:00Z", outcome: "expected" } as const;
    const coming = (await all(list, ahead)).filter((one) => /^[abc] /.test(one));
    expect(coming.map((one) => one.slice(2))).toEqual([
      ...Array(3).fill("03-02T16:00 expected"),
      ...Array(3).fill("03-02T20:00 expected"),
    ]);
    const unpaged = await all(list, { ...ahead, limit: 200 });
    for (const limit of [1, 7]) {
      expect(await all(list, { ...ahead, before: "2026-03-02T16:00:01Z", limit })).toEqual(
        unpaged.filter((one) => one.includes("T15:") || one.includes("T16:00 ")),
      );
    }
  });

  test("a deleted definition's are gone, also for its successor", async () => {
    await define("deleted", "0 * * * *", null);
    await writeLedger(node.database, "deleted", [{ at: "2025-07-01T00:00:00Z", outcome: "missed" }]);
    const july = { after: "2025-06-30T00:00:00Z", before: "2025-07-02T00:00:00Z" };
    expect(await all(list, july)).toEqual(["deleted 2025-07-01T00:00 missed"]);
    await node.api.jobDefinitions.delete("deleted");
    await define("deleted", "0 * * * *", null);
    expect(await all(list, july)).toEqual([]);
    expect(await all(of("deleted"), july)).toEqual([]);
  });

  test("another customer sees nothing of them, and has its own", async () => {
    const other = await addCustomer(node, "other");
    const send = sender(other);
    const answer = await send("GET", `/occurrences?after=${window.after}&before=${window.before}`);
    expect(answer).toMatchObject({ status: 200, body: { occurrences: [], nextCursor: null, expectedUntil: null } });
    expect(statusAndCode(await send("GET", "/job-definitions/hourly/occurrences"))).toBe("404 NOT_FOUND");
    expect((await send("GET", "/occurrences")).body).toMatchObject({ occurrences: [] });
  });

  test("of more than 1,000 schedules those are told that fire soonest, and up to when that is all", async () => {
    const other = await addCustomer(node, "large");
    await node.database.sql`
      with made as (
        insert into job_definition (definition_id, customer_code, job_definition_code, job_type, name, description, params,
                                    options, schedule)
        select gen_random_uuid(), 'large', 'd' || n, 'echo', 'n', '', '{}', '{}',
               json_build_object('cron', (n % 60) || ' ' || (n / 60) || ' * * *')
          from generate_series(0, 1199) n
        returning definition_id, schedule
      )
      insert into schedule (definition_id, customer_code, position, next_fire_at)
      select definition_id, 'large', '2026-03-02T00:00:00Z',
             timestamptz '2026-03-03T00:00:00Z' + split_part(schedule ->> 'cron', ' ', 2)::integer * interval '1 hour'
                                                 + split_part(schedule ->> 'cron', ' ', 1)::integer * interval '1 minute'
        from made`;
    const send = sender(other);
    const answer = await send("GET", "/occurrences?after=2026-03-03T16:30:30Z&outcome=expected");
    expect(answer.body).toMatchObject({ expectedUntil: "2026-03-03T16:40:00.000Z", nextCursor: null });
    expect(answer.text.match(/"scheduledFor"/g)).toHaveLength(9);
    const near = await send("GET", "/occurrences?before=2026-03-03T00:10:00Z&outcome=expected");
    expect(near.body).toMatchObject({ expectedUntil: null });
  });
});

describe("a query that is wrong", () => {
  test.each([
    ["after=yesterday", "/after"],
    ["after=2026-02-30T00:00:00Z", "/after"],
    ["before=0000-01-01T00:00:00Z", "/before"],
    ["before=99999-01-01T00:00:00Z", "/before"],
    ["after=2026-03-02T00:00:00Z&before=2026-03-02T00:00:00Z", "/after"],
    ["after=2026-03-03T00:00:00Z&before=2026-03-02T00:00:00Z", "/after"],
    ["after=a&after=b", "/after"],
    ["outcome=FIRED", "/outcome"],
    ["outcome=", "/outcome"],
    ["outcome=fired'%20or%201=1--", "/outcome"],
    ["limit=0", "/limit"],
    ["limit=201", "/limit"],
    ["limit=1e9", "/limit"],
    ["cursor=abc", "/cursor"],
    ["cursor=%00", "/cursor"],
    ["what=1", "/what"],
  ])("%s is refused by name", async (query, path) => {
    for (const list of ["/occurrences", "/job-definitions/hourly/occurrences"]) {
      const { status, errors } = problemOf(await sender(node)("GET", `${list}?${query}`));
      expect({ status, path: errors?.[0]?.path }).toEqual({ status: 400, path });
    }
  });

  test("a cursor of the other list is none", async () => {
    const { nextCursor } = await node.api.occurrences.list({ limit: 1 });
    const answer = await sender(node)("GET", `/job-definitions/hourly/occurrences?cursor=${nextCursor}`);
    expect(statusAndCode(answer)).toBe("400 VALIDATION_FAILED");
  });

  test("any bounds are answered at once, whatever the schedule", async () => {
    await define("rare", "0 0 0 29 2 ? 2096", "2096-02-29T00:00:00Z");
    await define("hard", "* * * * * ?", "2026-03-02T12:00:31Z", {
      exclude: { crons: Array.from({ length: 20 }, (_, n) => `${n * 3}-${n * 3 + 2} * * * * ?`).slice(0, 19) },
    });
    const wide = { after: "1970-01-01T00:00:00Z", before: "9999-12-31T23:59:59Z", limit: 200 } as const;
    for (const code of ["rare", "hard", "busy"]) {
      const { occurrences } = await node.api.jobDefinitions.occurrences(code, wide);
      expect(occurrences.length).toBe(code === "rare" ? 1 : 200);
    }
    const { occurrences } = await node.api.jobDefinitions.occurrences("rare", {
      ...wide,
      after: "2999-12-31T00:00:00Z",
    });
    expect(occurrences).toEqual([]);
  });
});
