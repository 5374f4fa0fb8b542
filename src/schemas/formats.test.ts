import Type from "typebox";
import { Check } from "typebox/value";
import { expect, test } from "vitest";
import { Timestamp } from "./primitives.ts";

test.each([
  "2026-11-24T06:00:00Z",
  "2026-11-24t06:00:00z",
  "2026-11-24T06:00:00.123456789+05:30",
  "2024-02-29T23:59:59-11:00",
  "1970-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
])("%s is a time, which a Date reads", (text) => {
  expect(Check(Timestamp, text)).toBe(true);
  expect(new Date(text.toUpperCase()).toISOString()).toMatch(/^\d{4}-/);
});

test.each([
  "2026-02-30T00:00:00Z",
  "2025-02-29T00:00:00Z",
  "2026-11-31T00:00:00Z",
  "2026-11-24T24:00:00Z",
  "2026-11-24T23:60:00Z",
  "2026-12-31T23:59:60Z",
  "2026-11-24T06:00:00",
  "2026-11-24 06:00:00Z",
  "2026-11-24T06:00Z",
  "2026-11-24T06:00:00+24:00",
  "2026-11-24T06:00:00[Europe/Berlin]",
  "2026-11-24",
  "1969-12-31T23:59:59Z",
  "1970-01-01T00:00:00+01:00",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59-00:01",
  "+010000-01-01T00:00:00Z",
  "2026-11-24T06:00:00Z\n",
])("%j is none", (text) => {
  expect(Check(Timestamp, text)).toBe(false);
});

test("addresses and days are checked as well", () => {
  expect(Check(Type.String({ format: "email" }), "a@localhost")).toBe(true);
  expect(Check(Type.String({ format: "email" }), "a b@example.com")).toBe(false);
  expect(Check(Type.String({ format: "date" }), "2026-02-29")).toBe(false);
});
