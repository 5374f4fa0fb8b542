import { describe, expect, test } from "vitest";
import { checkSchedule } from "./check-schedule.ts";
import type { ScheduleSpec } from "./schedule.ts";

const now = Date.parse("2026-11-20T12:00:00Z");

describe("checkSchedule", () => {
  test.each<[string, ScheduleSpec, string, string]>([
    ["an invalid cron", { cron: "0 0 12 ? * 8" }, "/cron", '"cron" field 6 (day of week): 8 is out of range 1–7'],
    [
      "years that are over",
      { cron: "0 0 12 1 1 ? 2020" },
      "/cron",
      '"cron" never fires after 2026-11-20T12:00:00.000Z; its years are over',
    ],
    [
      "an unknown zone",
      { cron: "@daily", timeZone: "America/Torronto" },
      "/timeZone",
      'there is no time zone "America/Torronto"; did you mean America/Toronto?',
    ],
    [
      "an abbreviation",
      { cron: "@daily", timeZone: "EST" },
      "/timeZone",
      '"EST" is an abbreviation, not a time zone; did you mean America/New_York, or America/Panama without daylight saving?',
    ],
    [
      "an offset",
      { cron: "@daily", timeZone: "+02:00" },
      "/timeZone",
      '"+02:00" is an offset, not a time zone; use UTC or the name of a place, such as Europe/Paris',
    ],
    [
      "a start that is no time",
      { cron: "@daily", startAt: "2027-02-30T00:00:00Z" },
      "/startAt",
      '"2027-02-30T00:00:00Z" is not an RFC 3339 time such as 2027-01-31T08:00:00Z',
    ],
    [
      "an end before the start",
      { cron: "@daily", startAt: "2027-02-02T00:00:00Z", endAt: "2027-02-01T00:00:00Z" },
      "/endAt",
      '"endAt" (2027-02-01T00:00:00Z) must be after "startAt" (2027-02-02T00:00:00Z)',
    ],
    [
      "an end that is past",
      { cron: "@daily", endAt: "2026-01-01T00:00:00Z" },
      "/endAt",
      '"endAt" (2026-01-01T00:00:00Z) is not after 2026-11-20T12:00:00.000Z',
    ],
    [
      "an empty window",
      { cron: "@monthly", startAt: "2027-02-02T00:00:00Z", endAt: "2027-03-01T00:00:00Z" },
      "/endAt",
      'there is no occurrence before "endAt" (2027-03-01T00:00:00Z); the first would be at 2027-03-01T00:00:00.000Z',
    ],
    [
      "a date that is none",
      { cron: "@daily", exclude: { dates: ["2027-01-01", "2027-02-29"] } },
      "/exclude/dates/1",
      '"2027-02-29" is not a date such as 2026-12-25',
    ],
    [
      "an excluded cron that is invalid",
      { cron: "@daily", exclude: { crons: ["* * * *"] } },
      "/exclude/crons/0",
      '"cron" has 4 fields; five (minute hour day month weekday) or six or seven (seconds first) are needed',
    ],
    [
      "everything excluded",
      { cron: "*/5 * * * * ?", exclude: { crons: ["* 0-11 * * *", "* 12-23 * * *"] } },
      "/exclude",
      "leaves no occurrence in sight; exclude less",
    ],
    [
      "the only time excluded",
      { cron: "0 0 12 1 1 ? 2027", exclude: { dates: ["2027-01-01"] } },
      "/exclude",
      "leaves no occurrence in sight; exclude less",
    ],
    [
      "too many dates",
      { cron: "@daily", exclude: { dates: Array.from({ length: 1_001 }, () => "2027-01-01") } },
      "/exclude/dates",
      "has 1001 dates; at most 1000 are allowed",
    ],
    [
      "too many crons",
      { cron: "@daily", exclude: { crons: Array.from({ length: 21 }, () => "1 * * * *") } },
      "/exclude/crons",
      "has 21 expressions; at most 20 are allowed",
    ],
    [
      "negative jitter",
      { cron: "@daily", jitterSeconds: -1 },
      "/jitterSeconds",
      "-1 is not a whole number from 0 to 86400",
    ],
  ])("%s", (_name, spec, path, message) => {
    expect(checkSchedule(spec, now)).toEqual([{ path, message }]);
  });

  test("all faults are told at once", () => {
    const spec = {
      cron: "x",
      timeZone: "PST",
      startAt: "soon",
      jitterSeconds: 0.5,
      exclude: { dates: ["x"], crons: ["y"] },
    };
    expect(checkSchedule(spec, now).map((error) => error.path)).toEqual([
      "/cron",
      "/timeZone",
      "/startAt",
      "/exclude/dates/0",
      "/exclude/crons/0",
      "/jitterSeconds",
    ]);
  });

  test.each<ScheduleSpec>([
    { cron: "@daily" },
    {
      cron: "*/5 * * * *",
      timeZone: "UTC",
      startAt: null,
      endAt: null,
      exclude: { dates: [], crons: [] },
      jitterSeconds: 0,
    },
    { cron: "0 0 29 2 *", timeZone: "asia/kolkata", startAt: "2027-01-01T00:00:00+05:30" },
    { cron: "* * * * * ?", exclude: { crons: ["* * * * 0-5"] } },
    { cron: "0 0 12 * * ?", timeZone: "Etc/GMT+5", jitterSeconds: 86_400 },
  ])("%j is right", (spec) => {
    expect(checkSchedule(spec, now)).toEqual([]);
  });

  test("twenty excluded crons that leave nothing are found out", () => {
    const crons = Array.from({ length: 20 }, (_, index) => `${index * 3}-${index * 3 + 2} * * * *`);
    expect(checkSchedule({ cron: "* * * * * ?", exclude: { crons } }, now)).toEqual([
      { path: "/exclude", message: "leaves no occurrence in sight; exclude less" },
    ]);
  });
});

/** Everything that the issue calls bad input, and what the answer must tell. */
const badInput: [string, ScheduleSpec, string, RegExp][] = [
  ["a minute out of range", { cron: "60 * * * *" }, "/cron", /60 is out of range 0–59; did you mean 0\?/],
  ["a month out of range", { cron: "0 0 0 1 13 ?" }, "/cron", /field 5 \(month\): 13 is out of range 1–12/],
  ["a weekday as month", { cron: "0 0 1 MON *" }, "/cron", /"MON" is a weekday; it belongs in field 5 \(day of week\)/],
  ["? twice", { cron: "0 0 12 ? * ?" }, "/cron", /only one of the two may be "\?"; did you mean "0 0 12 \? \* \*"/],
  ["a step of 0", { cron: "*/0 * * * *" }, "/cron", /a step of 0 never moves on; take "\/0" out/],
  ["L-40", { cron: "0 0 12 L-40 * ?" }, "/cron", /40 days before the last day is out of range 0–30/],
  ["#6", { cron: "0 0 12 ? * 6#6" }, "/cron", /"6" after "#" is out of range 1–5; use "L" for the last one/],
  ["31 FEB", { cron: "0 0 12 31 FEB ?" }, "/cron", /it never fires: no such day comes in its months; use a day that/],
  [
    "an unknown zone",
    { cron: "@daily", timeZone: "Mars/Olympus" },
    "/timeZone",
    /there is no time zone "Mars\/Olympus"; use/,
  ],
  ["an abbreviation", { cron: "@daily", timeZone: "PST" }, "/timeZone", /did you mean America\/Los_Angeles/],
  [
    "endAt before startAt",
    { cron: "@daily", startAt: "2027-02-02T00:00:00Z", endAt: "2027-02-01T00:00:00Z" },
    "/endAt",
    /must be after "startAt"/,
  ],
  [
    "a window without an occurrence",
    { cron: "@yearly", startAt: "2027-02-02T00:00:00Z", endAt: "2027-03-01T00:00:00Z" },
    "/endAt",
    /no occurrence before "endAt" .*; the first would be at 2028-01-01T00:00:00.000Z/,
  ],
  [
    "2,000 characters",
    { cron: "1,".repeat(1_000) },
    "/cron",
    /has 2000 characters; at most 1000 are allowed; use ranges/,
  ],
  [
    "a million elements",
    { cron: `${"1,".repeat(1_000_000)}1 * * * *` },
    "/cron",
    /at most 1000 are allowed; use ranges/,
  ],
];

test.each(badInput)(
  "bad input: %s is refused with what to change, in under a millisecond",
  (_name, spec, path, sentence) => {
    let errors = checkSchedule(spec, now);
    // The best of some: what it takes, rather than what else the machine was at.
    let best = Infinity;
    for (let run = 0; run < 20; run++) {
      const start = performance.now();
      errors = checkSchedule(spec, now);
      best = Math.min(best, performance.now() - start);
    }
    expect(errors).toEqual([{ path, message: expect.stringMatching(sentence) }]);
    expect(best).toBeLessThan(1);
  },
);
