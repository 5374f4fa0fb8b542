import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextOccurrence, occurrencesBetween, previousOccurrence } from "./occurrences.ts";
import { parseCron } from "./parse-cron.ts";
import { fieldOf, quartzDays, type RandomField, restlessZones } from "./random-cron.fixture.ts";

const minute = 60_000;
const day = 86_400_000;

describe("against a walk over every minute", () => {
  test("nothing is skipped, doubled or moved but by the rule, and previous is the way back", () => {
    const input = fc.record({
      place: fc.constantFrom(...restlessZones),
      offsetMinutes: fc.integer({ min: -1800, max: 300 }),
      second: fc.integer({ min: 0, max: 59 }),
      minutes: fieldOf(0, 59, true),
      hours: fieldOf(0, 23, true),
    });
    fc.assert(
      fc.property(input, ({ place, offsetMinutes, second, minutes, hours }) => {
        const from = Date.parse(place.around) + offsetMinutes * minute;
        const to = from + 2 * day;
        const cron = parseCron(`${second} ${minutes.text} ${hours.text} * * ?`);
        const walked = walk({ timeZone: place.timeZone, from, to, second, minutes, hours });

        const found = occurrencesBetween(cron, place.timeZone, from, to);

        expect(found.map(iso)).toEqual(walked.map(iso));
        for (const [index, time] of found.entries()) {
          const before = found[index - 1];
          if (before !== undefined) expect(previousOccurrence(cron, place.timeZone, time)).toBe(before);
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe("against a walk over every day", () => {
  test("Quartz days, months and years", () => {
    const input = fc.record({
      days: quartzDays(),
      months: fieldOf(1, 12, true),
      year: fc.option(fc.integer({ min: 2024, max: 2032 })),
      from: fc.date({ min: new Date("2023-01-01"), max: new Date("2030-01-01"), noInvalidDate: true }),
    });
    fc.assert(
      fc.property(input, ({ days, months, year, from }) => {
        const text = `0 0 0 ${days.dayOfMonth} ${months.text} ${days.dayOfWeek}${year === null ? "" : ` ${year}`}`;
        const start = Math.floor(from.getTime() / day) * day;
        const end = start + 9 * 365 * day;
        const walked = everyDay(start, end).filter((date) => {
          const inMonth = months.holds(date.getUTCMonth() + 1) && (year === null || date.getUTCFullYear() === year);
          return inMonth && days.holds(date);
        });
        const cron = parseOrNull(text);
        if (cron === null) {
          expect(walked).toEqual([]);
          return;
        }

        expect(occurrencesBetween(cron, "UTC", start, end).map(iso)).toEqual(walked.map((date) => iso(date.getTime())));
      }),
      { numRuns: 250 },
    );
  });

  test("Unix days: either field where both are restricted", () => {
    const input = fc.record({
      dayOfMonth: fieldOf(1, 31, false),
      months: fieldOf(1, 12, false),
      dayOfWeek: fieldOf(0, 6, false).filter((field) => !/\/|,/.test(field.text)),
      start: fc.integer({ min: 19_000, max: 23_000 }).map((days) => days * day),
    });
    fc.assert(
      fc.property(input, ({ dayOfMonth, months, dayOfWeek, start }) => {
        const cron = parseOrNull(`0 0 ${dayOfMonth.text} ${months.text} ${dayOfWeek.text}`);
        const free = (field: RandomField, min: number, max: number): boolean => {
          for (let value = min; value <= max; value++) if (!field.holds(value)) return false;
          return true;
        };
        const either = !free(dayOfMonth, 1, 31) && !free(dayOfWeek, 0, 6);
        const end = start + 3 * 365 * day;
        const walked = everyDay(start, end).filter((date) => {
          const byDay = dayOfMonth.holds(date.getUTCDate());
          const byWeekday = dayOfWeek.holds(date.getUTCDay());
          return months.holds(date.getUTCMonth() + 1) && (either ? byDay || byWeekday : byDay && byWeekday);
        });
        if (cron === null) {
          expect(walked).toEqual([]);
          return;
        }

        expect(occurrencesBetween(cron, "UTC", start, end).map(iso)).toEqual(walked.map((date) => iso(date.getTime())));
      }),
      { numRuns: 250 },
    );
  });
});

describe("single cases", () => {
  test.each([
    [
      "the day that Samoa skipped fires when the next begins",
      "0 0 12 * * ?",
      "Pacific/Apia",
      "2011-12-29T22:00:00Z",
      "2011-12-30T10:00:00Z",
    ],
    [
      "several times of one gap fire once",
      "0 5,10,50 2 * * ?",
      "America/Toronto",
      "2027-03-14T06:59:59Z",
      "2027-03-14T07:00:00Z",
    ],
    [
      "and not again a second later",
      "* 5,10,50 2 * * ?",
      "America/Toronto",
      "2027-03-14T07:00:00Z",
      "2027-03-15T06:05:00Z",
    ],
    [
      "a gap's end that is an ordinary time is one",
      "0 0 2,3 * * ?",
      "America/Toronto",
      "2027-03-14T07:00:00Z",
      "2027-03-15T06:00:00Z",
    ],
    [
      "from within the repeated hour a fixed time is over",
      "0 30 1 * * ?",
      "America/Toronto",
      "2026-11-01T06:10:00Z",
      "2026-11-02T06:30:00Z",
    ],
    [
      "an hour of the wall that is gone, by elapsed time",
      "0 30 */2 * * ?",
      "America/Toronto",
      "2027-03-14T06:00:00Z",
      "2027-03-14T08:30:00Z",
    ],
    ["a leap day over a century without one", "0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"],
    ["a fifth Friday in February", "0 0 0 ? 2 6#5", "UTC", "2104-03-01T00:00:00Z", "2132-02-29T00:00:00Z"],
    ["fifty years ahead", "0 0 2 * 3 ?", "America/Toronto", "2077-03-13T12:00:00Z", "2077-03-14T07:00:00Z"],
    ["half a second before", "* * * * * ?", "UTC", "2027-01-01T00:00:00.500Z", "2027-01-01T00:00:01Z"],
    ["before 1970", "0 0 * * *", "UTC", "1900-01-01T00:00:00Z", "1970-01-01T00:00:00Z"],
    ["Liberia's odd offset of 1970", "0 0 12 * * ?", "Africa/Monrovia", "1971-06-01T00:00:00Z", "1971-06-01T12:44:30Z"],
  ])("%s", (_name, text, timeZone, after, next) => {
    expect(iso(nextOccurrence(parseCron(text), timeZone, Date.parse(after)) ?? 0)).toBe(iso(Date.parse(next)));
  });

  test("years that are over fire no more, and have fired before", () => {
    const cron = parseCron("0 0 12 1 1 ? 2020");
    expect(nextOccurrence(cron, "UTC", Date.parse("2026-01-01T00:00:00Z"))).toBeUndefined();
    expect(previousOccurrence(cron, "UTC", Date.parse("2026-01-01T00:00:00Z"))).toBe(
      Date.parse("2020-01-01T12:00:00Z"),
    );
    expect(previousOccurrence(cron, "UTC", Date.parse("2020-01-01T12:00:00Z"))).toBeUndefined();
  });

  test("the ends of time are no trouble", () => {
    const cron = parseCron("* * * * *");
    expect(nextOccurrence(cron, "Asia/Tokyo", 8.64e15)).toBeUndefined();
    expect(previousOccurrence(cron, "Asia/Tokyo", -8.64e15)).toBeUndefined();
    expect(nextOccurrence(cron, "Asia/Tokyo", -8.64e15)).toBe(Date.parse("1969-12-31T15:00:00Z"));
  });
});

interface Walk {
  readonly timeZone: string;
  readonly from: number;
  readonly to: number;
  readonly second: number;
  readonly minutes: RandomField;
  readonly hours: RandomField;
}

/** Every firing of a daily schedule, by looking at each minute of the window and of the two days before it. */
function walk({ timeZone, from, to, second, minutes, hours }: Walk): number[] {
  const elapsed = [minutes.text, hours.text].some((text) => /^(?:\*|(?:\*|0)\/\d+)$/.test(text));
  const matches = (wall: number): boolean => {
    const date = new Date(wall);
    return minutes.holds(date.getUTCMinutes()) && hours.holds(date.getUTCHours());
  };
  const found: number[] = [];
  let highest = Number.NaN;
  for (let at = Math.floor((from - 2 * day) / minute) * minute; at < to; at += minute) {
    const wall = at + offsetOf(timeZone, at);
    let fires = matches(wall) && (elapsed || !(wall <= highest));
    let instant = at + second * 1000;
    if (!elapsed && wall > highest + minute) {
      for (let gone = highest + minute; gone < wall; gone += minute) {
        if (!matches(gone)) continue;
        if (fires && second > 0 && instant >= from) found.push(at);
        else if (!fires) instant = at;
        fires = true;
        break;
      }
    }
    highest = Number.isNaN(highest) ? wall : Math.max(highest, wall);
    if (fires) found.push(instant);
  }
  return [...new Set(found)].sort((left, right) => left - right).filter((time) => time >= from && time < to);
}

const offsets = new Map<string, number>();

/** Milliseconds, asked of Intl for each quarter of an hour. */
function offsetOf(timeZone: string, at: number): number {
  const quarter = Math.floor(at / (15 * minute)) * 15 * minute;
  const key = `${timeZone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const parts = formatOf(timeZone).formatToParts(quarter);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  offsets.set(key, wall - quarter);
  return wall - quarter;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const fields = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  const made = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", ...fields });
  formats.set(timeZone, made);
  return made;
}

function everyDay(from: number, to: number): Date[] {
  const dates: Date[] = [];
  for (let at = from; at < to; at += day) dates.push(new Date(at));
  return dates;
}

function parseOrNull(text: string): ReturnType<typeof parseCron> | null {
  try {
    return parseCron(text);
  } catch (error) {
    if (String(error).includes("never fires")) return null;
    throw error;
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
