import { expect, test } from "vitest";
import { openSchedule } from "../cron/schedule.ts";
import { planFiring } from "./plan-firing.ts";

const at = (time: string): number => Date.parse(time);
const iso = (time: number): string => new Date(time).toISOString().replace(".000Z", "Z");

/** Fires as a scheduler does that is always there: at each time that it is told, from a moment to another. */
function run(spec: Parameters<typeof openSchedule>[0], from: string, to: string): string[] {
  const schedule = openSchedule(spec);
  const fired: string[] = [];
  let position = at(from);
  let next = schedule.next(position) ?? null;
  while (next !== null && next < at(to)) {
    const plan = planFiring(schedule, { position, now: next, jitterMs: 0 }, 100);
    expect(plan.behind).toBeNull();
    fired.push(...plan.due.map((one) => iso(one.scheduledFor)));
    ({ position, nextFireAt: next } = plan);
  }
  return fired;
}

interface Passage {
  readonly cron: string;
  readonly zone: string;
  readonly from: string;
  readonly to: string;
  readonly fired: readonly string[];
}

test.each<Passage>([
  {
    cron: "30 2 * * *",
    zone: "America/Toronto",
    from: "2026-03-07T12:00:00Z",
    to: "2026-03-10T00:00:00Z",
    fired: ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"],
  },
  {
    cron: "30 1 * * *",
    zone: "America/Toronto",
    from: "2026-10-31T12:00:00Z",
    to: "2026-11-03T00:00:00Z",
    fired: ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
  },
  {
    cron: "30 1 * * *",
    zone: "Europe/London",
    from: "2026-03-28T12:00:00Z",
    to: "2026-03-31T00:00:00Z",
    fired: ["2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"],
  },
  {
    cron: "30 1 * * *",
    zone: "Europe/London",
    from: "2026-10-24T12:00:00Z",
    to: "2026-10-27T00:00:00Z",
    fired: ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"],
  },
  {
    cron: "15 2 * * *",
    zone: "Australia/Lord_Howe",
    from: "2026-10-02T20:00:00Z",
    to: "2026-10-05T00:00:00Z",
    fired: ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"],
  },
  {
    cron: "45 1 * * *",
    zone: "Australia/Lord_Howe",
    from: "2026-04-03T20:00:00Z",
    to: "2026-04-06T00:00:00Z",
    fired: ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"],
  },
  {
    cron: "0 12 29 2 *",
    zone: "UTC",
    from: "2027-01-01T00:00:00Z",
    to: "2033-01-01T00:00:00Z",
    fired: ["2028-02-29T12:00:00Z", "2032-02-29T12:00:00Z"],
  },
  {
    cron: "59 59 23 31 12 ?",
    zone: "UTC",
    from: "2026-06-01T00:00:00Z",
    to: "2028-06-01T00:00:00Z",
    fired: ["2026-12-31T23:59:59Z", "2027-12-31T23:59:59Z"],
  },
])("$cron in $zone from $from", ({ cron, zone, from, to, fired }) => {
  expect(run({ cron, timeZone: zone }, from, to)).toEqual(fired);
});

test("an hourly rhythm follows elapsed time through both changes of the clocks", () => {
  for (const [from, to] of [
    ["2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"],
    ["2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"],
  ] as const) {
    expect(run({ cron: "0 * * * *", timeZone: "America/Toronto" }, from, to)).toHaveLength(23);
  }
});

test("up to 60 s late a job is made, above 5 s it is late, and what is older is put aside", () => {
  const schedule = openSchedule({ cron: "*/5 * * * * *" });
  const now = at("2026-11-24T12:00:00Z");
  const plan = planFiring(schedule, { position: now - 90_001, now, jitterMs: 0 }, 100);
  expect(plan.behind).toEqual({ from: now - 90_000, to: now - 60_000 });
  expect(plan.due.map((one) => [now - one.scheduledFor, one.outcome])).toEqual([
    ...Array.from({ length: 11 }, (_, index) => [60_000 - index * 5_000, "late"]),
    [5_000, "fired"],
    [0, "fired"],
  ]);
  expect(plan.nextFireAt).toBe(now + 5_000);
});

test("jitter moves when it fires, neither what it fires for nor how late that is", () => {
  const schedule = openSchedule({ cron: "0 * * * *" });
  const nominal = at("2026-11-24T12:00:00Z");
  const early = planFiring(schedule, { position: nominal - 1, now: nominal + 6_999, jitterMs: 7_000 }, 10);
  expect(early).toMatchObject({ due: [], nextFireAt: nominal + 7_000 });
  const due = planFiring(schedule, { position: nominal - 1, now: nominal + 7_020, jitterMs: 7_000 }, 10);
  expect(due.due).toMatchObject([{ scheduledFor: nominal, outcome: "fired", lateMs: 20 }]);
  expect(due.nextFireAt).toBe(nominal + 3_607_000);
});

test("what is more than fits in a batch stays due", () => {
  const schedule = openSchedule({ cron: "* * * * * *" });
  const now = at("2026-11-24T12:00:00Z");
  const plan = planFiring(schedule, { position: now - 30_000, now, jitterMs: 0 }, 7);
  expect(plan.due).toHaveLength(7);
  expect(plan.nextFireAt).toBe(now - 22_000);
});
