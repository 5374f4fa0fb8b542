import { describe, expect, test } from "vitest";
import { type Stretch, stretchAt, zoneOf } from "./zone.ts";

const hour = 3600;

function at(time: string): number {
  return Date.parse(time) / 1000;
}

function changesIn(timeZone: string, year: number): string[] {
  const changes: string[] = [];
  const zone = zoneOf(timeZone);
  const end = at(`${year + 1}-01-01T00:00:00Z`);
  let stretch: Stretch = stretchAt(zone, at(`${year}-01-01T00:00:00Z`));
  while (stretch.end < end) {
    stretch = stretchAt(zone, stretch.end);
    if (stretch.shift !== 0) changes.push(`${new Date(stretch.start * 1000).toISOString()} ${stretch.shift / hour}`);
  }
  return changes;
}

describe("the changes of a year", () => {
  test.each([
    ["UTC", 2027, []],
    ["Asia/Kolkata", 2027, []],
    ["America/Toronto", 2027, ["2027-03-14T07:00:00.000Z 1", "2027-11-07T06:00:00.000Z -1"]],
    ["America/Toronto", 2076, ["2076-03-08T07:00:00.000Z 1", "2076-11-01T06:00:00.000Z -1"]],
    ["Australia/Lord_Howe", 2027, ["2027-04-03T15:00:00.000Z -0.5", "2027-10-02T15:30:00.000Z 0.5"]],
    ["Africa/Casablanca", 2027, ["2027-02-07T02:00:00.000Z -1", "2027-03-14T02:00:00.000Z 1"]],
    [
      "America/Recife",
      2000,
      ["2000-02-27T02:00:00.000Z -1", "2000-10-08T03:00:00.000Z 1", "2000-10-15T02:00:00.000Z -1"],
    ],
    [
      "Pacific/Apia",
      2011,
      ["2011-04-02T14:00:00.000Z -1", "2011-09-24T14:00:00.000Z 1", "2011-12-30T10:00:00.000Z 24"],
    ],
    ["Africa/Monrovia", 1972, ["1972-01-07T00:44:30.000Z 0.7416666666666667"]],
  ])("%s %i", (timeZone, year, changes) => {
    expect(changesIn(timeZone, year)).toEqual(changes);
  });
});

test("offsets are those that Intl tells, at every hour about every change and at the turns of years", () => {
  for (const timeZone of ["America/Toronto", "Africa/Casablanca", "Asia/Gaza", "Pacific/Apia", "Asia/Kathmandu"]) {
    const zone = zoneOf(timeZone);
    const clock = new Intl.DateTimeFormat("en-US", { timeZone, day: "numeric", timeZoneName: "longOffset" });
    for (let time = at("2009-12-31T12:00:00Z"); time < at("2040-12-31T00:00:00Z"); time += 37 * hour) {
      const { offset, start, end } = stretchAt(zone, time);
      expect(start <= time && time < end).toBe(true);
      const text = /GMT(.*)/.exec(clock.format(time * 1000))?.[1] ?? "";
      const sign = text.startsWith("-") ? -1 : 1;
      const told = sign * (Number(text.slice(1, 3)) * hour + Number(text.slice(4, 6)) * 60);
      expect(offset, `${timeZone} ${time}`).toBe(text === "" ? 0 : told);
    }
  }
});

test("a zone that does not exist is an error", () => {
  expect(() => zoneOf("Mars/Olympus")).toThrow(RangeError);
});
