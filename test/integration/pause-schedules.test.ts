/** Pausing and resuming schedules: what is told, what the ledger says of the pause, and who may do it how often. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { addCustomer, addPerson } from "../support/customers.ts";
import { problemOf, type Send, sender, statusAndCode } from "../support/http.ts";
import { openTestNode } from "../support/nodes.ts";
import { settleSchedule } from "../support/written-ledger.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let clock: FakeClock;
let send: Send;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand", flags: { "retention-days": "10" } });
  clock = fakeClock(node.database);
  send = sender(node);
});
beforeEach(() => clock.set("2026-12-02T12:00:30Z"));
afterAll(() => node.close());

/** A definition that has been settled up to noon. */
async function define(code: string, cron = "0 * * * *", more: object = {}): Promise<void> {
  const schedule = { cron, ...more };
  await node.api.jobDefinitions.put(code, { jobDefinition: { jobDefinitionCode: code, jobType: "echo", schedule } });
  await settleSchedule(node.database, code, "2026-12-02T12:00:00Z", "2026-12-02T13:00:00Z");
}

const read = async (code: string) => (await node.api.jobDefinitions.get(code)).jobDefinition;

async function ledger(code: string): Promise<string[]> {
  const query = { after: "2026-01-01T00:00:00Z", before: "2027-12-31T00:00:00Z", limit: 200 };
  const { occurrences } = await node.api.jobDefinitions.occurrences(code, query);
  return occurrences.flatMap((one) => {
    if (one.outcome === "expected") return [];
    if ("from" in one) return `${one.from}..${one.to} ${one.count} ${one.outcome}: ${one.reason}`;
    return `${one.scheduledFor} ${one.outcome}: ${one.reason}`;
  });
}

async function audited(code: string) {
  const { auditEvents } = await node.api.auditEvents.list({ limit: 200 });
  return auditEvents
    .filter((event) => event.subject === code && /pause|resume/.test(event.action))
    .map(({ actor, action, details }) => ({ actor, action, details }))
    .reverse();
}

test("a pause says who and why, and stops the schedule; a resume lets it go on from its next occurrence", async () => {
  await define("nightly");
  const { version } = await read("nightly");
  const paused = await node.api.jobDefinitions.pause("nightly", { reason: "the warehouse moves" });
  expect(paused.jobDefinition).toMatchObject({
    paused: true,
    pausedReason: "the warehouse moves",
    pausedBy: "admin@example.com",
    nextFireAt: null,
    version: version + 1,
    updatedBy: "admin@example.com",
  });
  expect(await read("nightly")).toEqual(paused.jobDefinition);

  await clock.advance(3 * 3_600_000);
  const resumed = await node.api.jobDefinitions.resume("nightly");
  expect(resumed.jobDefinition).toMatchObject({
    paused: false,
    pausedReason: null,
    pausedBy: null,
    nextFireAt: "2026-12-02T16:00:00.000Z",
    version: version + 2,
    lastOutcomes: ["skipped", "skipped", "skipped"],
  });
  expect(await ledger("nightly")).toEqual(["2026-12-02T13:00:00.000Z..2026-12-02T15:00:00.000Z 3 skipped: paused"]);
  expect((await node.api.jobs.list({ jobDefinitionCode: "nightly" })).jobs).toEqual([]);
  expect(await audited("nightly")).toEqual([
    {
      actor: "admin@example.com",
      action: "jobDefinition.pause",
      details: { version: version + 1, reason: "the warehouse moves" },
    },
    { actor: "admin@example.com", action: "jobDefinition.resume", details: { version: version + 2 } },
  ]);
});

test("pausing twice and resuming twice change nothing, and say what is", async () => {
  await define("twice");
  const operator = await addPerson(node, "operator");
  const first = await node.api.jobDefinitions.pause("twice", { reason: "the first" });
  await clock.advance(3_600_000);
  const again = await operator.api.jobDefinitions.pause("twice", { reason: "the second" });
  expect(again).toEqual(first);
  const resumed = await operator.api.jobDefinitions.resume("twice");
  expect(await node.api.jobDefinitions.resume("twice")).toEqual(resumed);
  expect(await ledger("twice")).toEqual(["2026-12-02T13:00:00.000Z skipped: paused"]);
  expect((await audited("twice")).map(({ actor, action }) => `${actor} ${action}`)).toEqual([
    "admin@example.com jobDefinition.pause",
    "operator@demo.example jobDefinition.resume",
  ]);
});

test("many pauses, and many resumes, at once are one each", async () => {
  await define("raced");
  const { version } = await read("raced");
  for (const [verb, after] of [
    ["pause", version + 1],
    ["resume", version + 2],
  ] as const) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => node.api.jobDefinitions[verb]("raced")));
    expect(new Set(answers.map(({ jobDefinition }) => jobDefinition.version))).toEqual(new Set([after]));
  }
});

test("a pause of days is a range for each day of UTC, as far back as the ledger is kept", async () => {
  await define("long", "0 */8 * * *", { timeZone: "America/Toronto" });
  await node.api.jobDefinitions.pause("long");
  await clock.advance(2 * 86_400_000);
  await node.api.jobDefinitions.resume("long");
  expect(await ledger("long")).toEqual([
    "2026-12-02T13:00:00.000Z..2026-12-02T21:00:00.000Z 2 skipped: paused",
    "2026-12-03T05:00:00.000Z..2026-12-03T21:00:00.000Z 3 skipped: paused",
    "2026-12-04T05:00:00.000Z skipped: paused",
  ]);

  await define("longer", "* * * * * ?");
  await node.api.jobDefinitions.pause("longer");
  await clock.set("2027-02-01T12:00:00Z");
  await node.api.jobDefinitions.resume("longer");
  const rows = await ledger("longer");
  expect(rows).toHaveLength(11);
  expect(rows[0]).toBe("2027-01-22T12:00:00.000Z..2027-01-22T23:59:59.000Z 43200 skipped: paused");
  expect(rows[1]).toBe("2027-01-23T00:00:00.000Z..2027-01-23T23:59:59.000Z 86400 skipped: paused");
  expect(rows[10]).toBe("2027-02-01T00:00:00.000Z..2027-02-01T12:00:00.000Z 43201 skipped: paused");
  expect((await read("longer")).nextFireAt).toBe("2027-02-01T12:00:01.000Z");
});

test("a resume outside the schedule's window waits for its begin, or for nothing", async () => {
  await define("begins", "0 * * * *", { startAt: "2026-12-24T00:30:00Z" });
  await define("ends", "0 * * * *", { endAt: "2026-12-02T15:00:00Z" });
  for (const code of ["begins", "ends"]) await node.api.jobDefinitions.pause(code);
  await clock.advance(86_400_000);
  await node.api.jobDefinitions.resume("begins");
  await node.api.jobDefinitions.resume("ends");
  expect(await ledger("begins")).toEqual([]);
  expect((await read("begins")).nextFireAt).toBe("2026-12-24T01:00:00.000Z");
  expect(await ledger("ends")).toEqual(["2026-12-02T13:00:00.000Z..2026-12-02T14:00:00.000Z 2 skipped: paused"]);
  expect((await read("ends")).nextFireAt).toBeNull();
});

test("a definition without a schedule is paused and resumed all the same, and executed meanwhile", async () => {
  await node.api.jobDefinitions.create({ jobDefinition: { jobDefinitionCode: "bare", jobType: "echo" } });
  expect((await node.api.jobDefinitions.pause("bare")).jobDefinition).toMatchObject({ paused: true, nextFireAt: null });
  await node.api.jobDefinitions.execute("bare");
  expect((await node.api.jobDefinitions.resume("bare")).jobDefinition).toMatchObject({
    paused: false,
    nextFireAt: null,
  });
  expect(await ledger("bare")).toEqual([]);
});

test("what was due when the pause comes is settled all the same: the last 60 s are made, the rest is for catchUp", async () => {
  await define("overdue", "* * * * *", { catchUp: "none" });
  await clock.set("2026-12-02T12:10:30Z");
  await node.api.jobDefinitions.pause("overdue");
  await clock.set("2026-12-02T12:15:30Z");
  await node.run("fire-schedules");
  const settled = [
    "2026-12-02T12:01:00.000Z..2026-12-02T12:09:00.000Z 9 missed: catchUp is none",
    expect.stringMatching(/^2026-12-02T12:10:00.000Z late: /),
  ];
  expect(await ledger("overdue")).toEqual(settled);
  expect((await node.api.jobs.list({ jobDefinitionCode: "overdue" })).jobs).toMatchObject([
    { trigger: { kind: "schedule", scheduledFor: "2026-12-02T12:10:00.000Z" } },
  ]);

  await node.api.jobDefinitions.resume("overdue");
  await clock.set("2026-12-02T12:16:01Z");
  await node.run("fire-schedules");
  expect(await ledger("overdue")).toEqual([
    ...settled,
    "2026-12-02T12:11:00.000Z..2026-12-02T12:15:00.000Z 5 skipped: paused",
    "2026-12-02T12:16:00.000Z fired: null",
  ]);
});

test("a pause on one node holds on every other, and an edit does not undo it", async () => {
  const second = await openTestNode({ with: node, services: "byHand" });
  try {
    await define("everywhere", "* * * * *");
    await node.api.jobDefinitions.pause("everywhere");
    await clock.set("2026-12-02T12:03:00Z");
    await second.run("fire-schedules");
    expect(await ledger("everywhere")).toEqual([]);
    const { jobDefinition } = await second.api.jobDefinitions.change("everywhere", {
      jobDefinition: { schedule: { cron: "*/2 * * * *" } },
    });
    expect(jobDefinition).toMatchObject({ paused: true, nextFireAt: null });
    await clock.set("2026-12-02T12:06:30Z");
    await node.run("fire-schedules");
    await second.api.jobDefinitions.resume("everywhere");
    await clock.set("2026-12-02T12:08:00Z");
    await node.run("fire-schedules");
    expect(await ledger("everywhere")).toEqual([
      "2026-12-02T12:01:00.000Z..2026-12-02T12:03:00.000Z 3 skipped: paused",
      "2026-12-02T12:04:00.000Z..2026-12-02T12:06:00.000Z 2 skipped: paused",
      "2026-12-02T12:08:00.000Z fired: null",
    ]);
  } finally {
    await second.close();
  }
});

test("the body may be empty, absent or null in its reason; If-Match is heard; the answer has the ETag", async () => {
  await define("bodies");
  const path = "/job-definitions/bodies";
  for (const body of [undefined, {}, { reason: null }]) {
    expect((await send("POST", `${path}/_pause`, body)).status).toBe(200);
    expect(await read("bodies")).toMatchObject({ paused: true, pausedReason: null });
    expect((await send("POST", `${path}/_resume`, body === undefined ? undefined : {})).status).toBe(200);
  }
  const { version } = await read("bodies");
  const stale = await send("POST", `${path}/_pause`, {}, { "if-match": `"${version - 1}"` });
  expect(statusAndCode(stale)).toBe("412 PRECONDITION_FAILED");
  const paused = await send("POST", `${path}/_pause`, {}, { "if-match": `"${version}"` });
  expect(paused.headers.get("etag")).toBe(`"${version + 1}"`);
});

test.each([
  ["_pause", { reason: 1 }, "/reason"],
  ["_pause", { reason: "" }, "/reason"],
  ["_pause", { reason: "x".repeat(1001) }, "/reason"],
  ["_pause", { why: "so" }, "/why"],
  ["_pause", [], ""],
  ["_resume", { reason: "so" }, "/reason"],
])("%s with %j is refused by name, and nothing is paused", async (verb, body, path) => {
  await define("wrong");
  const { status, errors } = problemOf(await send("POST", `/job-definitions/wrong/${verb}`, body));
  expect({ status, path: errors?.[0]?.path }).toEqual({ status: 400, path });
  expect((await read("wrong")).paused).toBe(false);
});

test("a NUL or half a character in the reason is refused, markup is kept as it is", async () => {
  await define("texts");
  for (const reason of ['"a\\u0000b"', '"a\\ud800b"']) {
    expect((await send("POST", "/job-definitions/texts/_pause", `{"reason":${reason}}`)).status).toBe(400);
  }
  const reason = "<script>alert('é')</script>\r\n'; drop table job;--";
  expect((await node.api.jobDefinitions.pause("texts", { reason })).jobDefinition.pausedReason).toBe(reason);
});

test("another customer cannot pause it, nor a viewer", async () => {
  await define("mine");
  const other = await addCustomer(node, "other");
  for (const verb of ["_pause", "_resume", "_backfill"]) {
    const body = verb === "_backfill" ? { from: "2026-12-01T00:00:00Z", to: "2026-12-02T00:00:00Z" } : {};
    const answer = await sender(other)("POST", `/job-definitions/mine/${verb}`, body);
    expect(statusAndCode(answer)).toBe("404 NOT_FOUND");
    const viewer = await addPerson(node, "viewer", `${verb}@demo.example`);
    expect(statusAndCode(await sender(viewer)("POST", `/job-definitions/mine/${verb}`, body))).toBe("403 FORBIDDEN");
  }
  expect((await read("mine")).paused).toBe(false);
});
