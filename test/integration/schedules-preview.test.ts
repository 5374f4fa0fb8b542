/** What a schedule comes to before it is saved, and what is refused of it (DESIGN, sections 5 and 6). */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fakeClock } from "../support/clock.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import { problemOf, type RawAnswer, type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  send = sender(node);
  await setTime("2026-11-20T12:00:00Z");
});
afterAll(() => node.close());

/** The node takes the time from the database, with each of its beats. */
async function setTime(time: string): Promise<void> {
  await fakeClock(node.database).set(time);
  await node.run("heartbeat");
}

function get(query: Record<string, string>): Promise<RawAnswer> {
  return send("GET", `/schedules/_preview?${new URLSearchParams(query)}`);
}

async function save(jobDefinitionCode: string, schedule: object): Promise<RawAnswer> {
  return send("PUT", `/job-definitions/${jobDefinitionCode}`, {
    jobDefinition: { jobDefinitionCode, jobType: "echo", schedule },
  });
}

describe("GET /schedules/_preview", () => {
  test("answers the next ten times from the database's now, in words and in both dialects", async () => {
    expect(await node.api.schedules.preview({ cron: "*/5 * * * *" })).toEqual({
      cron: "*/5 * * * *",
      dialect: "unix",
      description: "Every 5 minutes",
      timeZone: "UTC",
      next: Array.from({ length: 10 }, (_, index) =>
        new Date(Date.parse("2026-11-20T12:05:00Z") + index * 300_000).toISOString().replace(".000Z", "Z"),
      ),
      notes: [],
    });
    expect(await node.api.schedules.preview({ cron: "0 15 10 ? * MON-FRI", count: 2 })).toMatchObject({
      dialect: "quartz",
      description: "At 10:15, Monday to Friday",
      next: ["2026-11-23T10:15:00Z", "2026-11-24T10:15:00Z"],
    });
  });

  test("follows the zone's clocks, and tells of the changes that move, drop or double an occurrence", async () => {
    const after = "2027-03-13T12:00:00Z";
    const preview = (cron: string) =>
      node.api.schedules.preview({ cron, timeZone: "America/Toronto", after, count: 2 });
    expect(await preview("0 30 2 * * ?")).toMatchObject({
      next: ["2027-03-14T07:00:00Z", "2027-03-15T06:30:00Z"],
      notes: [
        "On 2027-03-14 clocks in America/Toronto go from 02:00 to 03:00: 02:30 does not exist and fires at 03:00 (2027-03-14T07:00:00Z).",
        "On 2028-03-12 clocks in America/Toronto go from 02:00 to 03:00: 02:30 does not exist and fires at 03:00 (2028-03-12T07:00:00Z).",
      ],
    });
    const dropped = await preview("0 */30 2 * * ?");
    expect(dropped.notes[0]).toMatch(/02:00 to 02:30 do not exist and will not fire\.$/);
    const doubled = await preview("0 */30 1 * * ?");
    expect(doubled.notes).toEqual([expect.stringMatching(/2027-11-07 .* 01:00 to 01:30 fire twice\.$/)]);
  });

  test("cautions where five fields look like six", async () => {
    const { notes } = await node.api.schedules.preview({ cron: "0 0 12 * *" });
    expect(notes).toEqual([
      expect.stringMatching(/has five fields and is Unix cron .* did you mean Quartz's "0 0 12 \* \* \?"\?$/),
    ]);
  });

  test("has no next times behind the last year, and says so", async () => {
    const preview = await node.api.schedules.preview({ cron: "0 0 12 1 1 ? 2027", after: "2028-05-25T18:43:37Z" });
    expect(preview).toMatchObject({ next: [], notes: ["It does not fire after 2028-05-25T18:43:37Z."] });
    const last = await node.api.schedules.preview({ cron: "0 0 12 1 1 ? 2027-2028" });
    expect(last.next).toEqual(["2027-01-01T12:00:00Z", "2028-01-01T12:00:00Z"]);
  });

  test("spells the zone as the IANA does", async () => {
    expect(await node.api.schedules.preview({ cron: "@daily", timeZone: "asia/tokyo" })).toMatchObject({
      cron: "@daily",
      description: "At 00:00 every day",
      timeZone: "Asia/Tokyo",
    });
  });

  test.each<[string, Record<string, string>, string, RegExp]>([
    ["no cron", {}, "/cron", /query parameter cron: is missing/],
    ["an empty cron", { cron: "" }, "/cron", /must not be empty/],
    [
      "a field out of range",
      { cron: "60 * * * *" },
      "/cron",
      /field 1 \(minute\): 60 is out of range 0–59; did you mean 0/,
    ],
    ["a name in the wrong field", { cron: "0 0 1 MON *" }, "/cron", /"MON" is a weekday; it belongs in field 5/],
    ["? twice", { cron: "0 0 12 ? * ?" }, "/cron", /only one of the two may be "\?"; did you mean "0 0 12 \? \* \*"/],
    ["a step of 0", { cron: "*/0 * * * *" }, "/cron", /a step of 0 never moves on; take "\/0" out/],
    ["L-40", { cron: "0 0 12 L-40 * ?" }, "/cron", /40 days before the last day is out of range 0–30/],
    ["#6", { cron: "0 0 12 ? * 6#6" }, "/cron", /"6" after "#" is out of range 1–5; use "L"/],
    ["31 FEB", { cron: "0 0 12 31 FEB ?" }, "/cron", /it never fires: no such day comes in its months; use a day/],
    ["2,000 characters", { cron: "1,".repeat(1000) }, "/cron", /must have at most 1000 characters/],
    [
      "an unknown zone",
      { cron: "@daily", timeZone: "America/Torronto" },
      "/timeZone",
      /did you mean America\/Toronto\?/,
    ],
    [
      "an abbreviation",
      { cron: "@daily", timeZone: "EST" },
      "/timeZone",
      /is an abbreviation.*did you mean America\/New_York/,
    ],
    ["an offset", { cron: "@daily", timeZone: "+02:00" }, "/timeZone", /is an offset, not a time zone; use UTC or/],
    ["count 0", { cron: "@daily", count: "0" }, "/count", /must be at least 1/],
    ["count 101", { cron: "@daily", count: "101" }, "/count", /must be at most 100/],
    ["count in words", { cron: "@daily", count: "ten" }, "/count", /must be a whole number/],
    ["after that is no time", { cron: "@daily", after: "2027-02-30T00:00:00Z" }, "/after", /RFC 3339 time such as/],
    ["a parameter that is not known", { cron: "@daily", zone: "UTC" }, "/zone", /is not known here/],
  ])("%s: 400 with a pointer and what to change", async (_name, query, pointer, sentence) => {
    const problem = problemOf(await get(query));
    expect(problem).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    expect(problem.errors).toEqual([{ path: pointer, message: expect.stringMatching(sentence) }]);
  });
});

describe("POST /schedules/_preview", () => {
  test("takes window, exclusions and jitter into account", async () => {
    const preview = await node.api.schedules.previewChange({
      schedule: {
        cron: "0 9 * * *",
        timeZone: "America/Toronto",
        startAt: "2026-12-24T00:00:00Z",
        endAt: "2026-12-29T14:00:00Z",
        exclude: { dates: ["2026-12-25"], crons: ["* * * * SUN"] },
        jitterSeconds: 60,
      },
    });
    expect(preview).toEqual({
      cron: "0 9 * * *",
      dialect: "unix",
      description: "At 09:00 every day",
      timeZone: "America/Toronto",
      next: ["2026-12-24T14:00:00Z", "2026-12-26T14:00:00Z", "2026-12-28T14:00:00Z"],
      notes: ["Each job starts up to 60 s after its time (jitterSeconds)."],
    });
  });

  test("tells which of the next 50 occurrences go and which come, as far as both are known", async () => {
    await save("quarters", { cron: "*/15 * * * *" });
    const after = "2026-11-20T12:00:00Z";
    const change = await node.api.schedules.previewChange({
      schedule: { cron: "0,20 * * * *" },
      jobDefinitionCode: "quarters",
      after,
      count: 1,
    });
    // The 50th of every 15 minutes is at 00:30; what the sparser one has after that is not new.
    expect(change).toMatchObject({ next: ["2026-11-20T12:20:00Z"], comparedUntil: "2026-11-21T00:30:00Z" });
    expect(change.removed?.slice(0, 4)).toEqual([
      "2026-11-20T12:15:00Z",
      "2026-11-20T12:30:00Z",
      "2026-11-20T12:45:00Z",
      "2026-11-20T13:15:00Z",
    ]);
    expect(change.removed).toHaveLength(38);
    expect(change.added).toEqual(
      Array.from({ length: 13 }, (_, hour) =>
        new Date(Date.parse("2026-11-20T12:20:00Z") + hour * 3_600_000).toISOString().replace(".000Z", "Z"),
      ),
    );
  });

  test("the same schedule changes nothing, written differently too", async () => {
    await save("same", { cron: "0 12 * * MON" });
    expect(
      await node.api.schedules.previewChange({
        schedule: { cron: "0 0 12 ? * 2", timeZone: "UTC" },
        jobDefinitionCode: "same",
      }),
    ).toMatchObject({ removed: [], added: [] });
  });

  test("against a definition without a schedule all come; without a definition nothing is compared", async () => {
    await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "bare", jobType: "echo" } });
    const schedule = { cron: "0 0 1 1 *" };
    const change = await node.api.schedules.previewChange({ schedule, jobDefinitionCode: "bare" });
    expect(change.removed).toEqual([]);
    expect(change.added).toHaveLength(50);
    expect(await node.api.schedules.previewChange({ schedule })).not.toHaveProperty("removed");
  });

  test("an excluded weekday is all that goes", async () => {
    await save("daily", { cron: "0 6 * * *" });
    const change = await node.api.schedules.previewChange({
      schedule: { cron: "0 6 * * *", exclude: { crons: ["* * * * SUN"] } },
      jobDefinitionCode: "daily",
    });
    expect(change.added).toEqual([]);
    expect(change.removed).toHaveLength(7);
    for (const time of change.removed ?? []) expect(new Date(time).getUTCDay()).toBe(0);
  });

  test("a definition that is not there, or another customer's, is a 404", async () => {
    await save("ours", { cron: "@daily" });
    const other = sender(await addCustomer(node, "other"));
    const body = { schedule: { cron: "@daily" }, jobDefinitionCode: "ours" };
    expect(statusAndCode(await other("POST", "/schedules/_preview", body))).toBe("404 NOT_FOUND");
    const missing = { ...body, jobDefinitionCode: "nowhere" };
    expect(statusAndCode(await send("POST", "/schedules/_preview", missing))).toBe("404 NOT_FOUND");
  });

  test("a viewer may, and nothing is stored or audited", async () => {
    const viewer = await addPerson(node, "viewer");
    const audited = async () => (await node.api.auditEvents.list({ limit: 200 })).auditEvents.length;
    const before = await audited();
    await viewer.api.schedules.preview({ cron: "@daily" });
    await viewer.api.schedules.previewChange({ schedule: { cron: "@daily" } });
    expect(await audited()).toBe(before);
  });
});

/** The bad input and what else can be wrong with a whole schedule. */
const refused: [string, object, string, RegExp][] = [
  ["no cron", { timeZone: "UTC" }, "/cron", /is missing/],
  ["a field out of range", { cron: "0 0 25 * * ?" }, "/cron", /field 3 \(hour\): 25 is out of range 0–23/],
  ["31 FEB", { cron: "0 0 31 FEB *" }, "/cron", /it never fires/],
  ["years that are over", { cron: "0 0 12 1 1 ? 2020" }, "/cron", /never fires after .*; its years are over/],
  ["2,000 characters", { cron: "1,".repeat(1000) }, "/cron", /must have at most 1000 characters/],
  ["a list as long as a body", { cron: "1,".repeat(400_000) }, "/cron", /must have at most 1000 characters/],
  [
    "an unknown zone",
    { cron: "@daily", timeZone: "Mars/Olympus" },
    "/timeZone",
    /there is no time zone "Mars\/Olympus"; use an IANA/,
  ],
  ["an abbreviation", { cron: "@daily", timeZone: "PST" }, "/timeZone", /did you mean America\/Los_Angeles/],
  [
    "endAt before startAt",
    { cron: "@daily", startAt: "2027-02-02T00:00:00Z", endAt: "2027-02-01T00:00:00Z" },
    "/endAt",
    /"endAt" \(2027-02-01T00:00:00Z\) must be after "startAt" \(2027-02-02T00:00:00Z\)/,
  ],
  [
    "an endAt that is past",
    { cron: "@daily", endAt: "2026-01-01T00:00:00Z" },
    "/endAt",
    /"endAt" \(2026-01-01T00:00:00Z\) is not after 2026-11-20T12:/,
  ],
  [
    "a window without an occurrence",
    { cron: "@monthly", startAt: "2027-02-02T00:00:00Z", endAt: "2027-03-01T00:00:00Z" },
    "/endAt",
    /there is no occurrence before "endAt" .*; the first would be at 2027-03-01T00:00:00/,
  ],
  [
    "an exclusion of everything",
    { cron: "*/5 * * * *", exclude: { crons: ["* 0-11 * * *", "* 12-23 * * *"] } },
    "/exclude",
    /leaves no occurrence in sight; exclude less/,
  ],
  [
    "an excluded cron that is none",
    { cron: "@daily", exclude: { crons: ["0 0 * * *", "* * 32 * *"] } },
    "/exclude/crons/1",
    /field 3 \(day of month\): 32 is out of range 1–31/,
  ],
  [
    "an excluded date that is none",
    { cron: "@daily", exclude: { dates: ["2027-02-29"] } },
    "/exclude/dates/0",
    /2026-11-24/,
  ],
  [
    "too many excluded crons",
    { cron: "@daily", exclude: { crons: Array.from({ length: 21 }, () => "1 * * * *") } },
    "/exclude/crons",
    /at most 20 entries/,
  ],
  [
    "a list of 70,000 excluded dates",
    { cron: "@daily", exclude: { dates: Array.from({ length: 70_000 }, () => "2027-01-01") } },
    "/exclude/dates",
    /at most 1000 entries/,
  ],
  ["a jitter of days", { cron: "@daily", jitterSeconds: 86_401 }, "/jitterSeconds", /must be at most 86400/],
];

test.each(refused)(
  "%s: refused by the preview, and when a definition is made or changed",
  async (name, schedule, path, sentence) => {
    const error = (prefix: string) =>
      expect.objectContaining({ path: prefix + path, message: expect.stringMatching(sentence) });
    const preview = problemOf(await send("POST", "/schedules/_preview", { schedule }));
    expect(preview).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    expect(preview.errors).toContainEqual(error("/schedule"));

    const code = `refused-${refused.findIndex(([one]) => one === name)}`;
    const made = problemOf(await save(code, schedule));
    expect(made).toMatchObject({ status: 400, code: "VALIDATION_FAILED" });
    expect(made.errors).toContainEqual(error("/jobDefinition/schedule"));
    expect(statusAndCode(await send("GET", `/job-definitions/${code}`))).toBe("404 NOT_FOUND");
    if (!("cron" in schedule)) return;

    expect((await save(code, { cron: "@hourly" })).status).toBe(201);
    const changed = problemOf(await send("PATCH", `/job-definitions/${code}`, { jobDefinition: { schedule } }));
    expect(changed.errors).toContainEqual(error("/jobDefinition/schedule"));
    expect((await node.api.jobDefinitions.get(code)).jobDefinition).toMatchObject({
      version: 1,
      schedule: { cron: "@hourly" },
    });
  },
);

test("a list of a million elements is too large a body", async () => {
  const body = JSON.stringify({ schedule: { cron: `${"1,".repeat(1_000_000)}1 * * * *` } });
  expect(statusAndCode(await send("POST", "/schedules/_preview", body))).toBe("413 PAYLOAD_TOO_LARGE");
});

test("a definition whose window has passed can be edited, but not be given such a window", async () => {
  const schedule = { cron: "@daily", endAt: "2026-12-01T00:00:00Z" };
  expect((await save("seasonal", schedule)).status).toBe(201);
  await setTime("2027-01-10T00:00:00Z");

  const { jobDefinition } = await node.api.jobDefinitions.change("seasonal", {
    jobDefinition: { name: "Last year's" },
  });
  expect(jobDefinition).toMatchObject({ name: "Last year's", version: 2 });
  const whole = await node.api.jobDefinitions.put("seasonal", {
    jobDefinition: { ...jobDefinition, description: "Over." },
  });
  expect(whole.jobDefinition).toMatchObject({ description: "Over.", version: 3 });
  expect(await node.api.schedules.previewChange({ schedule, jobDefinitionCode: "seasonal" })).toMatchObject({
    next: [],
    removed: [],
    added: [],
    notes: [expect.stringMatching(/^It does not fire after 2027-01-10T00:00:0/)],
  });

  const change = { jobDefinition: { schedule: { endAt: "2027-01-01T00:00:00Z" } } };
  const problem = problemOf(await send("PATCH", "/job-definitions/seasonal", change));
  expect(problem.errors).toEqual([
    { path: "/jobDefinition/schedule/endAt", message: expect.stringMatching(/is not after 2027-01-10T00:00:00/) },
  ]);
  await setTime("2026-11-20T12:00:00Z");
});
