import fc from "fast-check";
import { expect, test } from "vitest";
import { fairShares, largestPart } from "./fair-shares.ts";

const waiting = (counts: Record<string, number>) =>
  Object.entries(counts).map(([customerCode, ready]) => ({ customerCode, ready }));
const shares = (...of: Parameters<typeof fairShares>) => Object.fromEntries(fairShares(...of));
const nobody = new Map<string, number>();

test("the lone customer of a database takes every slot", () => {
  expect(shares(200, 200, nobody, waiting({ a: 1000 }), "alone")).toEqual({ a: 200 });
});

test("a lone waiter among others takes three quarters and leaves the rest", () => {
  expect(shares(200, 200, nobody, waiting({ a: 1000 }), "among others")).toEqual({ a: 150 });
});

test("two with work without end leave a part free for the next, who gets it at once", () => {
  const two = shares(200, 200, nobody, waiting({ a: 1000, b: 1000 }), "among others");
  expect(two).toEqual({ a: 86, b: 85 });
  expect(shares(200, 200, new Map(Object.entries(two)), waiting({ c: 1 }), "among others")).toEqual({ c: 1 });
});

test("fifty with one job each start all, beside one that has a hundred thousand", () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`c${index}`, 1]));
  const divided = shares(200, 200, nobody, waiting({ big: 100_000, ...many }), "among others");
  expect(divided).toEqual({ ...Object.fromEntries(Object.keys(many).map((code) => [code, 1])), big: 112 });
});

test("no more start than may be claimed at once, though more slots are free", () => {
  expect(shares(200, 10, nobody, waiting({ a: 1000, b: 3 }), "among others")).toEqual({ a: 7, b: 3 });
});

test("one slot goes to whoever's turn it is", () => {
  expect(shares(1, 1, nobody, waiting({ a: 9, b: 9 }), "among others")).toEqual({ a: 1 });
  expect(shares(1, 1, new Map([["a", 1]]), waiting({ b: 9 }), "among others")).toEqual({});
});

test("nobody gets more than is ready, is free, or than three quarters of what the others leave", () => {
  const counts = fc.dictionary(fc.constantFrom("a", "b", "c", "d", "e"), fc.integer({ min: 1, max: 300 }));
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), counts, counts, (slots, runningCounts, ready) => {
      const running = new Map(Object.entries(runningCounts));
      const before = [...running.values()].reduce((sum, count) => sum + count, 0);
      const divided = fairShares(slots, slots, running, waiting(ready), "among others");
      let total = before;
      for (const [customer, share] of divided) {
        expect(share).toBeLessThanOrEqual(ready[customer] ?? 0);
        const held = (running.get(customer) ?? 0) + share;
        // The others held no more than they had before when this customer took its last slot, or it was its only one.
        const othersBefore = before - (running.get(customer) ?? 0);
        expect(held <= Math.max(1, Math.floor(largestPart * (slots - othersBefore)))).toBe(true);
        total += share;
      }
      expect(total <= slots || divided.size === 0).toBe(true);
      const left = Object.entries(ready).some(([code, count]) => !running.has(code) && !divided.has(code) && count > 0);
      expect(left && total < slots).toBe(false);
    }),
  );
});

test("jobs that are taken before there are slots for them go beyond the customer's part by that number and no more", () => {
  const ahead = new Map([["a", 20]]);
  expect(shares(200, 200, nobody, waiting({ a: 1000 }), "alone", ahead)).toEqual({ a: 200 });
  expect(shares(200, 220, nobody, waiting({ a: 1000 }), "alone", ahead)).toEqual({ a: 220 });
  expect(shares(200, 220, nobody, waiting({ a: 1000 }), "among others", ahead)).toEqual({ a: 170 });
  const running = new Map([["a", 170]]);
  expect(shares(200, 50, running, waiting({ a: 1000, b: 9 }), "among others", ahead)).toEqual({ b: 9 });
  // What another has ahead holds no slot: of the 51 that are free, three quarters.
  const beside = new Map([...running, ["a", 169], ["b", 1]] as const);
  expect(shares(200, 51, beside, waiting({ a: 1000, b: 1000 }), "among others", ahead)).toEqual({ b: 37 });
});
