import { expect, test } from "vitest";
import { formatBytes, formatDuration, timeLines } from "./format.ts";

test("a time is told in the schedule's zone and in UTC, the day twice only where it differs", () => {
  const at = "2026-11-24T23:30:05.900Z";
  expect(timeLines(at, "UTC")).toEqual(["Tue, 24 Nov 2026, 23:30:05 UTC"]);
  expect(timeLines("2026-11-24T02:00:00Z", "Europe/Berlin")).toEqual([
    "Tue, 24 Nov 2026, 03:00:00",
    "Europe/Berlin; 02:00:00 UTC",
  ]);
  expect(timeLines(at, "Asia/Kolkata")).toEqual([
    "Wed, 25 Nov 2026, 05:00:05",
    "Asia/Kolkata; Tue, 24 Nov 2026, 23:30:05 UTC",
  ]);
});

test("lengths and sizes are told in the unit that fits", () => {
  const lengths = [0, 999, 1_000, 12_449, 59_999, 60_000, 3_599_999, 3_600_000, 90_000_000];
  expect(lengths.map(formatDuration)).toEqual([
    "0 ms",
    "999 ms",
    "1 s",
    "12.4 s",
    "59.9 s",
    "1 min 0 s",
    "59 min 59 s",
    "1 h 0 min",
    "1 d 1 h",
  ]);
  expect([0, 1023, 1536, 4_194_304].map(formatBytes)).toEqual(["0 bytes", "1023 bytes", "1.5 KiB", "4.0 MiB"]);
});
