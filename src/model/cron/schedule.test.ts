import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeClockChange } from "./clock-changes.ts";
import { jitterMs } from "./jitter.ts";
import { nextOccurrence, occurrencesBetween } from "./occurrences.ts";
import { parseCron } from "./parse-cron.ts";
import { fieldOf, restlessZones } from "./random-cron.fixture.ts";
import { openSchedule } from "./schedule.ts";
import { stretchAt, zoneOf } from "./zone.ts";

const day = 86_400_000;
const now = Date.parse("2026-11-20T12:00:00Z");

function at(time: string): number {
  return Date.parse(time);
}

describe("startAt and endAt", () => {
  const schedule = openSchedule({ cron: "0 * * * *", startAt: "2027-01-01T10:00:00Z", endAt: "2027-01-01T13:00:00Z" });

  test("the start is included, the end is not", () => {
    const all = ["2027-01-01T10:00:00Z", "2027-01-01T11:00:00Z", "2027-01-01T12:00:00Z"].map(at);
    expect(schedule.occurrences(0, at("2030-01-01T00:00:00Z"), 10)).toEqual(all);
    expect(schedule.count(0, at("2030-01-01T00:00:00Z"))).toBe(3);
    expect(schedule.next(now)).toBe(all[0]);
    expect(schedule.next(at("2027-01-01T12:00:00Z"))).toBeUndefined();
    expect(schedule.previous(at("2030-01-01T00:00:00Z"))).toBe(all[2]);
    expect(schedule.previous(at("2027-01-01T10:00:00Z"))).toBeUndefined();
  });

  test("the limit holds", () => {
    expect(schedule.occurrences(0, at("2030-01-01T00:00:00Z"), 2)).toHaveLength(2);
  });
});

describe("exclude", () => {
  test("a date is one of the schedule's zone", () => {
    const schedule = openSchedule({
      cron: "0 23 * * *",
      timeZone: "America/Toronto",
      exclude: { dates: ["2026-12-25"] },
    });
    expect(schedule.next(at("2026-12-25T05:00:00Z"))).toBe(at("2026-12-27T04:00:00Z"));
  });

  test("five fields exclude whole minutes, six exclude seconds", () => {
    const minute = openSchedule({ cron: "*/20 * * * * ?", exclude: { crons: ["30 12 * * *"] } });
    const second = openSchedule({ cron: "*/20 * * * * ?", exclude: { crons: ["20 30 12 * * ?"] } });
    const [from, to] = [at("2027-01-01T12:30:00Z"), at("2027-01-01T12:31:00Z")];
    expect(minute.count(from, to)).toBe(0);
    expect(second.occurrences(from, to, 9)).toEqual([from, from + 40_000]);
  });

  test("a moved time is excluded by the time that it was moved from", () => {
    const next = (crons: string[]): number | undefined =>
      openSchedule({ cron: "0 15 2 * * ?", timeZone: "America/Toronto", exclude: { crons } }).next(
        at("2027-03-14T05:00:00Z"),
      );
    expect(next(["15 2 * * *"])).toBeUndefined();
    expect(next(["15 2 14 * *"])).toBe(at("2027-03-15T06:15:00Z"));
    expect(next(["45 2 14 * *", "0 3 14 * *"])).toBe(at("2027-03-14T07:00:00Z"));
  });

  test("next, previous, occurrences and count agree with filtering, daylight saving included", () => {
    const cron = fc
      .tuple(fieldOf(0, 59, true), fieldOf(0, 23, true), fc.constantFrom("* * ?", "? * 2-6", "13-16 * ?", "the day"))
      .map(([minute, hour, days]) => `0 ${minute.text} ${hour.text} ${days}`);
    const excluded = fc
      .tuple(fieldOf(0, 59, false), fieldOf(0, 23, false), fc.constantFrom("* * *", "* * 1-5", "*/2 * *"))
      .map(([minute, hour, days]) => `${minute.text} ${hour.text} ${days}`);
    const input = fc.record({
      place: fc.constantFrom(...restlessZones),
      cron,
      crons: fc.array(excluded, { maxLength: 3 }),
      dateOffsets: fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 2 }),
      offset: fc.integer({ min: -2 * day, max: 2 * day }),
    });
    fc.assert(
      fc.property(input, ({ place, cron: drawn, crons, dateOffsets, offset }) => {
        const { timeZone } = place;
        const middle = at(place.around);
        const date = new Date(middle);
        const cron = drawn.replace("the day", `${date.getUTCDate()} ${date.getUTCMonth() + 1} ? *`);
        const dates = dateOffsets.map((each) => new Date(middle + each * day).toISOString().slice(0, 10));
        const [from, to] = [middle + offset - 2 * day, middle + offset + 2 * day];
        const schedule = openSchedule({ cron, timeZone, exclude: { dates, crons } });
        const matches = (text: string, wall: number): boolean =>
          nextOccurrence(parseCron(text), "UTC", wall - 1) === wall;
        const walls = occurrencesBetween(parseCron(cron), "UTC", from - 2 * day, to + 2 * day).filter((wall) => {
          const date = new Date(wall).toISOString().slice(0, 10);
          return !dates.includes(date) && !crons.some((text) => matches(text, wall));
        });
        const { followsElapsedTime } = parseCron(cron);
        const instants = walls.flatMap((wall) => instantsOf(wall, timeZone, followsElapsedTime));
        const kept = [...new Set(instants)]
          .sort((left, right) => left - right)
          .filter((time) => time >= from && time < to);

        expect(schedule.occurrences(from, to, Infinity)).toEqual(kept);
        expect(schedule.count(from, to)).toBe(kept.length);
        for (const [index, time] of kept.entries()) {
          const before = kept[index - 1];
          if (before !== undefined) expect(schedule.previous(time)).toBe(before);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("long exclusions", () => {
  test("days, months and years that crons exclude together are passed, and nothing else", () => {
    const parts = [
      "* 0-11 * * 1-5",
      "* 12-23 * 1-6 *",
      "* 12-23 13-20 * *",
      "* * * 2,8 *",
      "* 0-11 1-15 * *",
      "* 0-17 ? * 2-4 2027",
      "* * 18-23 ? * * 2027",
    ].map((text) => (text.split(" ").length === 6 ? `* ${text}` : text));
    const all = occurrencesBetween(parseCron("30 6,18 * * *"), "UTC", now, at("2028-12-31T00:00:00Z"));
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(...parts)), (crons) => {
        const parsed = crons.map(parseCron);
        const kept = all.filter((time) => !parsed.some((cron) => nextOccurrence(cron, "UTC", time - 1) === time));
        const schedule = openSchedule({ cron: "30 6,18 * * *", exclude: { crons } });
        expect(schedule.occurrences(now, at("2028-12-31T00:00:00Z"), Infinity)).toEqual(kept);
        expect(schedule.count(now, at("2028-12-31T00:00:00Z"))).toBe(kept.length);
        expect(schedule.previous(at("2028-12-31T00:00:00Z"))).toBe(kept.at(-1));
      }),
      { numRuns: 60 },
    );
  });

  test("an occurrence behind thirty years of excluded days is found", () => {
    const schedule = openSchedule({
      cron: "0 12 * * *",
      exclude: { crons: ["* * * * * ? 2026-2055", "0 12 * 1-11 *"] },
    });
    expect(schedule.next(now)).toBe(at("2056-12-01T12:00:00Z"));
  });

  test("a search that would be long ends", () => {
    const three = (index: number): number[] => [1, 7, 12].map((step) => (index * step + step) % 20);
    const field = (size: number, first: number, cron: number): string =>
      Array.from({ length: size }, (_, index) => index)
        .filter((index) => !three(index).includes(cron))
        .map((index) => index + first)
        .join(",");
    const crons = Array.from(
      { length: 20 },
      (_, cron) => `${field(60, 0, cron)} ${field(60, 0, cron)} ${field(24, 0, cron)} ${field(31, 1, cron)} * ?`,
    );
    const schedule = openSchedule({ cron: "* * * * * ?", exclude: { crons } });
    const start = performance.now();
    schedule.occurrences(now, Infinity, 100);
    expect(performance.now() - start).toBeLessThan(200);
  });
});

describe("count", () => {
  test("equals the number of occurrences for every cut, seconds and exclusions included", () => {
    const second = fieldOf(0, 59, true);
    const input = fc.record({
      cron: fc.tuple(second, second, fieldOf(0, 23, true)).map(([s, m, h]) => `${s.text} ${m.text} ${h.text} * * ?`),
      crons: fc.array(
        fc.tuple(second, second).map(([s, m]) => `${s.text} ${m.text} 0-11 * * ?`),
        { maxLength: 2 },
      ),
      from: fc.integer({ min: 0, max: day }),
      length: fc.integer({ min: 0, max: day / 8 }),
    });
    fc.assert(
      fc.property(input, ({ cron, crons, from, length }) => {
        const start = at("2026-10-31T18:00:00Z") + from;
        const schedule = openSchedule({ cron, timeZone: "America/Toronto", exclude: { crons } });
        expect(schedule.count(start, start + length)).toBe(
          schedule.occurrences(start, start + length, Infinity).length,
        );
      }),
      { numRuns: 150 },
    );
  });

  test("a year of every second, less lunch on weekdays and Christmas", () => {
    const schedule = openSchedule({
      cron: "* * * * * ?",
      timeZone: "America/Toronto",
      exclude: { dates: ["2027-12-25"], crons: ["* 12 * * 1-5"] },
    });
    const weekdays = 261;
    const expected = 365 * 86_400 - 86_400 - weekdays * 3_600;
    expect(schedule.count(at("2027-01-01T05:00:00Z"), at("2028-01-01T05:00:00Z"))).toBe(expected);
  });
});

describe("the changes of the clocks", () => {
  const year = [at("2026-11-20T00:00:00Z"), at("2027-11-20T00:00:00Z")] as const;
  const notes = (cron: string, timeZone = "America/Toronto"): string[] =>
    openSchedule({ cron, timeZone })
      .clockChanges(...year)
      .map((change) => describeClockChange(change, timeZone));

  test.each([
    [
      "0 30 2 * * ?",
      [
        "On 2027-03-14 clocks in America/Toronto go from 02:00 to 03:00: 02:30 does not exist and fires at 03:00 (2027-03-14T07:00:00Z).",
      ],
    ],
    [
      "0 15,45 2 * * ?",
      [
        "On 2027-03-14 clocks in America/Toronto go from 02:00 to 03:00: the 2 occurrences from 02:15 to 02:45 do not exist and fire together, once, at 03:00 (2027-03-14T07:00:00Z).",
      ],
    ],
    [
      "0 */15 2 * * ?",
      [
        "On 2027-03-14 clocks in America/Toronto go from 02:00 to 03:00: the 4 occurrences from 02:00 to 02:45 do not exist and will not fire.",
      ],
    ],
    [
      "0 */30 1 * * ?",
      [
        "On 2027-11-07 clocks in America/Toronto go from 02:00 to 01:00: the 2 occurrences from 01:00 to 01:30 fire twice.",
      ],
    ],
    ["0 30 1 * * ?", []],
    ["*/15 * * * *", []],
    ["0 12 * * *", []],
  ])("%s", (cron, sentences) => {
    expect(notes(cron)).toEqual(sentences);
  });

  test("by half an hour", () => {
    expect(notes("45 * * * *", "Australia/Lord_Howe")).toEqual([
      "On 2027-04-04 clocks in Australia/Lord_Howe go from 02:00 to 01:30: 01:45 fires twice.",
    ]);
    expect(notes("*/30 * * * *", "Australia/Lord_Howe")).toEqual([]);
  });
});

test("jitter is the same for an id, within its bounds and spread evenly", () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `customer/definition-${index}`);
  const offsets = ids.map((id) => jitterMs(id, 60));
  expect(offsets).toEqual(ids.map((id) => jitterMs(id, 60)));
  expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...offsets)).toBeLessThanOrEqual(60_000);
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    offsets.filter((each) => Math.floor(each / 6_000.1) === tenth),
  );
  for (const tenth of tenths) expect(tenth.length).toBeGreaterThan(850);
  expect(jitterMs("any", 0)).toBe(0);
});

/** Every instant at which a time on the clock fires: each that shows it by elapsed time, else the first, or the next one. */
function instantsOf(wall: number, timeZone: string, elapsed: boolean): number[] {
  const offsetAt = (time: number): number => stretchAt(zoneOf(timeZone), time / 1000).offset * 1000;
  const offsets = new Set([offsetAt(wall - 1.5 * day), offsetAt(wall + 1.5 * day)]);
  const showing = [...offsets].map((offset) => wall - offset).filter((time) => time + offsetAt(time) === wall);
  showing.sort((left, right) => left - right);
  if (elapsed) return showing;
  if (showing[0] !== undefined) return [showing[0]];
  let time = Math.min(...[...offsets].map((offset) => wall - offset));
  while (time + offsetAt(time) < wall) time += 60_000;
  return [time];
}
