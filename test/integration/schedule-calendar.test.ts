/** Schedules fire, and catch up, through both daylight-saving changes of three zones, a leap day and a year's end. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Schedule } from "../../src/model/schedule.ts";
import { type FakeClock, fakeClock } from "../support/clock.ts";
import { ledgerOf } from "../support/ledger.ts";
import { openTestNode } from "../support/nodes.ts";

let node: Awaited<ReturnType<typeof openTestNode>>;
let clock: FakeClock;

beforeAll(async () => {
  node = await openTestNode({ services: "byHand" });
  clock = fakeClock(node.database);
});
afterAll(() => node.close());

async function save(code: string, schedule: Partial<Omit<Schedule, "exclude">> & { cron: string }): Promise<void> {
  await node.api.jobDefinitions.put(code, {
    jobDefinition: { jobDefinitionCode: code, jobType: "echo", schedule },
  });
}

/** Each with the days around it, so that it shows that nothing fires twice, or not at all, because of the change. */
test.each<{ what: string; cron: string; timeZone: string; span: [string, string]; due: string[] }>([
  {
    what: "29 February, which most years have not",
    cron: "0 0 29 2 *",
    timeZone: "UTC",
    span: ["2035-01-01T00:00:00Z", "2043-01-01T00:00:00Z"],
    due: ["2036-02-29T00:00", "2040-02-29T00:00"],
  },
  {
    what: "every day across a leap day",
    cron: "0 12 * * *",
    timeZone: "America/Toronto",
    span: ["2036-02-28T00:00:00Z", "2036-03-02T00:00:00Z"],
    due: ["2036-02-28T17:00", "2036-02-29T17:00", "2036-03-01T17:00"],
  },
  {
    what: "the last day of a month, which is the leap day",
    cron: "0 0 12 L * ?",
    timeZone: "UTC",
    span: ["2036-01-31T13:00:00Z", "2036-04-01T00:00:00Z"],
    due: ["2036-02-29T12:00", "2036-03-31T12:00"],
  },
  {
    what: "every half hour across a year's end",
    cron: "*/30 * * * *",
    timeZone: "Europe/London",
    span: ["2036-12-31T22:59:00Z", "2037-01-01T01:01:00Z"],
    due: ["2036-12-31T23:00", "2036-12-31T23:30", "2037-01-01T00:00", "2037-01-01T00:30", "2037-01-01T01:00"],
  },
  {
    what: "the first moment of a year, as the zone has it",
    cron: "@yearly",
    timeZone: "America/Toronto",
    span: ["2036-12-31T00:00:00Z", "2038-12-31T00:00:00Z"],
    due: ["2037-01-01T05:00", "2038-01-01T05:00"],
  },
  {
    what: "Toronto's spring: 2:30 does not exist, and is 3:00",
    cron: "30 2 * * *",
    timeZone: "America/Toronto",
    span: ["2037-03-07T00:00:00Z", "2037-03-10T00:00:00Z"],
    due: ["2037-03-07T07:30", "2037-03-08T07:00", "2037-03-09T06:30"],
  },
  {
    what: "Toronto's spring: every hour of elapsed time",
    cron: "0 * * * *",
    timeZone: "America/Toronto",
    span: ["2037-03-08T05:30:00Z", "2037-03-08T08:30:00Z"],
    due: ["2037-03-08T06:00", "2037-03-08T07:00", "2037-03-08T08:00"],
  },
  {
    what: "Toronto's autumn: 1:30 exists twice, and is the first",
    cron: "30 1 * * *",
    timeZone: "America/Toronto",
    span: ["2037-10-31T00:00:00Z", "2037-11-03T00:00:00Z"],
    due: ["2037-10-31T05:30", "2037-11-01T05:30", "2037-11-02T06:30"],
  },
  {
    what: "Toronto's autumn: every hour of elapsed time",
    cron: "0 * * * *",
    timeZone: "America/Toronto",
    span: ["2037-11-01T04:30:00Z", "2037-11-01T07:30:00Z"],
    due: ["2037-11-01T05:00", "2037-11-01T06:00", "2037-11-01T07:00"],
  },
  {
    what: "London's spring",
    cron: "30 1 * * *",
    timeZone: "Europe/London",
    span: ["2037-03-28T00:00:00Z", "2037-03-31T00:00:00Z"],
    due: ["2037-03-28T01:30", "2037-03-29T01:00", "2037-03-30T00:30"],
  },
  {
    what: "London's autumn",
    cron: "30 1 * * *",
    timeZone: "Europe/London",
    span: ["2037-10-24T00:00:00Z", "2037-10-27T00:00:00Z"],
    due: ["2037-10-24T00:30", "2037-10-25T00:30", "2037-10-26T01:30"],
  },
  {
    what: "Lord Howe's spring, which is half an hour",
    cron: "15 2 * * *",
    timeZone: "Australia/Lord_Howe",
    span: ["2037-10-02T12:00:00Z", "2037-10-05T12:00:00Z"],
    due: ["2037-10-02T15:45", "2037-10-03T15:30", "2037-10-04T15:15"],
  },
  {
    what: "Lord Howe's autumn, which is half an hour",
    cron: "45 1 * * *",
    timeZone: "Australia/Lord_Howe",
    span: ["2037-04-03T12:00:00Z", "2037-04-06T12:00:00Z"],
    due: ["2037-04-03T14:45", "2037-04-04T14:45", "2037-04-05T15:15"],
  },
  {
    what: "Lord Howe's autumn: every half hour of elapsed time",
    cron: "*/30 * * * *",
    timeZone: "Australia/Lord_Howe",
    span: ["2037-04-04T14:20:00Z", "2037-04-04T15:40:00Z"],
    due: ["2037-04-04T14:30", "2037-04-04T15:00", "2037-04-04T15:30"],
  },
])("on time: $what", async ({ what, cron, timeZone, span: [from, to], due }) => {
  const code = what.replaceAll(/\W+/g, "-");
  await clock.set(from);
  await save(code, { cron, timeZone });
  for (;;) {
    const { nextFireAt } = (await node.api.jobDefinitions.get(code)).jobDefinition;
    if (nextFireAt === null || nextFireAt === undefined || nextFireAt > to) break;
    await clock.set(nextFireAt);
    await node.run("fire-schedules");
  }
  const { occurrences } = await node.api.jobDefinitions.occurrences(code, { after: from, before: to });
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: code, trigger: "schedule" });
  await node.api.jobDefinitions.delete(code);
  const times = due.map((time) => `${time}:00.000Z`);
  expect(occurrences).toMatchObject(times.map((scheduledFor) => ({ scheduledFor, outcome: "fired", lateMs: 0 })));
  expect(occurrences).toHaveLength(times.length);
  expect(jobs.map(({ trigger }) => trigger.scheduledFor).reverse()).toEqual(times);
});

const minutes = 60_000;
const fixed = "0,10,20,30,40,50 0-23 * * *";

/** Times from `first` to `last`, so many minutes apart; without those from `but` to before `until`. */
function every(step: number, first: string, last: string, but = last, until = but): number[] {
  const [start, end, pause, resume] = [first, last, but, until].map((time) => Date.parse(`${time}Z`));
  const count = ((end ?? 0) - (start ?? 0)) / (step * minutes) + 1;
  const times = Array.from({ length: count }, (_, index) => (start ?? 0) + index * step * minutes);
  return times.filter((time) => time < (pause ?? 0) || time >= (resume ?? 0));
}

/** Away from `down` to `up`; what was due meanwhile. The window is 3,600 s. */
const outages: { what: string; cron: string; timeZone: string; down: string; up: string; due: number[] }[] = [
  {
    what: "Toronto's spring: the hour that is not folds into its end",
    cron: fixed,
    timeZone: "America/Toronto",
    down: "2037-03-08T06:25:00Z",
    up: "2037-03-08T08:25:00Z",
    due: every(10, "2037-03-08T06:30", "2037-03-08T08:20"),
  },
  {
    what: "Toronto's autumn: the hour that comes again is left out",
    cron: fixed,
    timeZone: "America/Toronto",
    down: "2037-11-01T05:25:00Z",
    up: "2037-11-01T07:25:00Z",
    due: every(10, "2037-11-01T05:30", "2037-11-01T07:20", "2037-11-01T06:00", "2037-11-01T07:00"),
  },
  {
    what: "London's spring",
    cron: fixed,
    timeZone: "Europe/London",
    down: "2037-03-29T00:25:00Z",
    up: "2037-03-29T02:25:00Z",
    due: every(10, "2037-03-29T00:30", "2037-03-29T02:20"),
  },
  {
    what: "London's autumn",
    cron: fixed,
    timeZone: "Europe/London",
    down: "2037-10-25T00:25:00Z",
    up: "2037-10-25T02:25:00Z",
    due: every(10, "2037-10-25T00:30", "2037-10-25T02:20", "2037-10-25T01:00", "2037-10-25T02:00"),
  },
  {
    what: "Lord Howe's spring",
    cron: fixed,
    timeZone: "Australia/Lord_Howe",
    down: "2037-10-03T14:45:00Z",
    up: "2037-10-03T16:45:00Z",
    due: every(10, "2037-10-03T14:50", "2037-10-03T16:40"),
  },
  {
    what: "Lord Howe's autumn",
    cron: fixed,
    timeZone: "Australia/Lord_Howe",
    down: "2037-04-04T14:25:00Z",
    up: "2037-04-04T16:25:00Z",
    due: every(10, "2037-04-04T14:30", "2037-04-04T16:20", "2037-04-04T15:00", "2037-04-04T15:30"),
  },
  {
    what: "into a leap day",
    cron: fixed,
    timeZone: "UTC",
    down: "2036-02-28T23:05:00Z",
    up: "2036-02-29T01:05:00Z",
    due: every(10, "2036-02-28T23:10", "2036-02-29T01:00"),
  },
  {
    what: "out of a leap day, on which alone it fires",
    cron: "*/10 * 29 2 *",
    timeZone: "UTC",
    down: "2036-02-29T22:05:00Z",
    up: "2036-03-01T00:05:00Z",
    due: every(10, "2036-02-29T22:10", "2036-02-29T23:50"),
  },
  {
    what: "a year's end",
    cron: "*/10 * * * *",
    timeZone: "UTC",
    down: "2036-12-31T23:05:00Z",
    up: "2037-01-01T01:05:00Z",
    due: every(10, "2036-12-31T23:10", "2037-01-01T01:00"),
  },
  {
    what: "Toronto's day of 23 hours",
    cron: "0,20,40 0-23 * * *",
    timeZone: "America/Toronto",
    down: "2037-03-08T04:50:00Z",
    up: "2037-03-09T03:50:00Z",
    due: every(20, "2037-03-08T05:00", "2037-03-09T03:40"),
  },
  {
    what: "Toronto's day of 25 hours",
    cron: "0,20,40 0-23 * * *",
    timeZone: "America/Toronto",
    down: "2037-11-01T03:50:00Z",
    up: "2037-11-02T04:50:00Z",
    due: every(20, "2037-11-01T04:00", "2037-11-02T04:40", "2037-11-01T06:00", "2037-11-01T07:00"),
  },
];

const overlaps = ["allow", "skip", "queueOne", "cancelRunning"] as const;
const rules = (["none", "latest", "all"] as const).flatMap((catchUp) =>
  overlaps.map((overlap) => ({ catchUp, overlap })),
);

const made = "late catchUp";
/** What becomes of the first, the second and each later one of those that `all` catches up. */
const ofOverlap: Record<Schedule["overlap"], [string, string, string]> = {
  allow: [made, made, made],
  skip: [made, "skipped: previous job still unfinished", "skipped: previous job still unfinished"],
  queueOne: [made, made, "skipped: one already queued"],
  cancelRunning: [made, made, made],
};

/** What DESIGN says of each occurrence. */
function outcomes({ catchUp, overlap }: (typeof rules)[number], due: readonly number[], up: number): string[] {
  if (catchUp === "none") return due.map(() => "missed: catchUp is none");
  const recent = due.filter((time) => time >= up - 3_600_000);
  const old = due.slice(recent.length).map(() => "missed: older than catchUpWindowSeconds");
  if (catchUp === "all") return [...old, ...recent.map((_, index) => ofOverlap[overlap][Math.min(index, 2)] ?? "")];
  return [...old, ...recent.slice(1).map(() => "missed: catchUp is latest: only the newest is made"), made];
}

/** The ledger's rows: those without a job share one with their neighbours of the same outcome, up to midnight. */
function rowsOf(due: readonly number[], told: readonly string[]): string[] {
  const rows: { from: number; to: number; count: number; text: string }[] = [];
  for (const [index, text] of told.entries()) {
    const time = due[index] ?? 0;
    const last = rows.at(-1);
    const joins = last && text !== made && last.text === text && dayOf(last.from) === dayOf(time);
    if (joins) Object.assign(last, { to: time, count: last.count + 1 });
    else rows.push({ from: time, to: time, count: 1, text });
  }
  return rows.map(({ from, to, count, text }) =>
    count === 1 ? `${clockOf(from)} ${text}` : `${clockOf(from)}–${clockOf(to)} ×${count} ${text}`,
  );
}

const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const clockOf = (time: number) => new Date(time).toISOString().slice(11, 19);

/** The jobs in the end: of `queueOne` the second waits, of `cancelRunning` the last alone is left. */
function jobsOf(overlap: Schedule["overlap"], times: readonly number[]): string[] {
  return times.map((time, index) => {
    const isCancelled = overlap === "cancelRunning" && index < times.length - 1;
    const isHeld = overlap === "queueOne" && index === 1;
    return `${clockOf(time)} ${isCancelled ? "CANCELLED" : isHeld ? "overlap" : "slot"}`;
  });
}

async function stored(code: string): Promise<{ ledger: string[]; jobs: string[] }> {
  const { jobs } = await node.api.jobs.list({ jobDefinitionCode: code, limit: 200 });
  const states = jobs.map((job) => {
    const time = clockOf(Date.parse(job.trigger.scheduledFor ?? ""));
    return `${time} ${job.error?.code ?? job.waitingFor ?? job.phase}`;
  });
  return { ledger: await ledgerOf(node, code), jobs: states.reverse() };
}

test.each(outages)("after an outage, by each catch-up and overlap rule: $what", async (outage) => {
  const { cron, timeZone, down, up, due } = outage;
  await clock.set(down);
  const codes = rules.map(({ catchUp, overlap }) => `${down.slice(0, 10)}-${timeZone.slice(-5)}-${catchUp}-${overlap}`);
  await Promise.all(rules.map((rule, index) => save(codes[index] ?? "", { cron, timeZone, ...rule })));
  await clock.set(up);
  const expected = rules.map((rule) => {
    const told = outcomes(rule, due, Date.parse(up));
    const times = due.filter((_, index) => told[index] === made);
    return { ...rule, ledger: rowsOf(due, told), jobs: jobsOf(rule.overlap, times) };
  });
  // A look at held jobs may have a schedule's lock when its backlog has its turn: that comes again then.
  const settled = async () => {
    await node.run("fire-schedules");
    return Promise.all(rules.map(async (rule, index) => ({ ...rule, ...(await stored(codes[index] ?? "")) })));
  };
  await expect.poll(settled).toEqual(expected);
  await Promise.all(codes.map((code) => node.api.jobDefinitions.delete(code)));
});
