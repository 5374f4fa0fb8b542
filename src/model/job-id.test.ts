import fc from "fast-check";
import { expect, test } from "vitest";
import { formatJobId, jobIdPattern, parseJobId } from "./job-id.ts";

test("a job id is read back", () => {
  const day = fc.date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });
  fc.assert(
    fc.property(day, fc.uuid(), (date, id) => {
      const key = { day: date.toISOString().slice(0, 10), id };
      const text = formatJobId(key);
      expect(text).toMatch(new RegExp(jobIdPattern));
      expect(parseJobId(text)).toEqual(key);
    }),
  );
});

test.each([
  "",
  "nope",
  "20260230-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c",
  "20261301-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c",
  "20250229-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c",
  "20260101-F3EB6180-9FC0-43C6-9FE3-528CC4981F2C",
  "20260101-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c\n",
  "2026-01-01-f3eb6180-9fc0-43c6-9fe3-528cc4981f2c",
])("%j is none", (text) => {
  expect(parseJobId(text)).toBeUndefined();
});
