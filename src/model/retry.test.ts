import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultJobOptions } from "./job-options.ts";
import { retryDelayMs } from "./retry.ts";

const retry = { ...defaultJobOptions(300).retry, initialSeconds: 5, maxSeconds: 60 };

test("exponential backoff doubles up to its most; fixed stays", () => {
  expect([1, 2, 3, 4, 5, 99].map((attempt) => retryDelayMs(retry, attempt, 0))).toEqual([
    5e3, 10e3, 20e3, 40e3, 60e3, 60e3,
  ]);
  expect([1, 2, 9].map((attempt) => retryDelayMs({ ...retry, backoff: "fixed" }, attempt, 0))).toEqual([5e3, 5e3, 5e3]);
});

test("chance takes off up to a quarter", () => {
  expect(retryDelayMs(retry, 1, 0.5)).toBe(4375);
  expect(retryDelayMs(retry, 1, 0.999_999)).toBe(3750);
});

test("what the other end asked for is waited, up to the most", () => {
  expect(retryDelayMs(retry, 1, 0, 30)).toBe(30_000);
  expect(retryDelayMs(retry, 1, 0, 3)).toBe(5_000);
  expect(retryDelayMs(retry, 1, 0, 3600)).toBe(60_000);
});

test("a pause is always a whole number from 0 to the most", () => {
  const seconds = fc.integer({ min: 0, max: 86_400 });
  const backoff = fc.constantFrom("exponential" as const, "fixed" as const);
  fc.assert(
    fc.property(
      seconds,
      seconds,
      backoff,
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      seconds,
      (initialSeconds, maxSeconds, kind, attempt, random, asked) => {
        const delay = retryDelayMs({ ...retry, initialSeconds, maxSeconds, backoff: kind }, attempt, random, asked);
        expect(Number.isInteger(delay)).toBe(true);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(maxSeconds * 1000);
      },
    ),
  );
});
