import { expect, test } from "vitest";
import { evenShares } from "./even-shares.ts";

test.each<[Record<string, number>, number, Record<string, number>]>([
  [{ a: 3, b: 2 }, 10, { a: 3, b: 2 }],
  [{ a: 100_000, b: 1, c: 5 }, 12, { b: 1, c: 5, a: 6 }],
  [{ a: 9, b: 9, c: 9 }, 10, { a: 3, b: 3, c: 4 }],
  [{ a: 9, b: 9, c: 9 }, 2, { a: 1, b: 1 }],
])("%o in %i places", (wanted, total, shares) => {
  expect(Object.fromEntries(evenShares(new Map(Object.entries(wanted)), total))).toEqual(shares);
});
