import { expect, test } from "vitest";
import { deliveryPauseMs } from "./delivery.ts";
import { distinctAddresses, isEmailAddress } from "./email-address.ts";

test("pauses double from ten seconds up to an hour, and heed what was asked for", () => {
  expect([1, 2, 3, 9, 10, 50].map((attempts) => deliveryPauseMs(attempts, 0) / 1000)).toEqual([
    10, 20, 40, 2_560, 3_600, 3_600,
  ]);
  expect(deliveryPauseMs(1, 1)).toBe(7_500);
  expect(deliveryPauseMs(1, 0, 120)).toBe(120_000);
  expect(deliveryPauseMs(1, 0, 1e9)).toBe(3_600_000);
});

test("an address is one line with a dot-atom and a host", () => {
  for (const good of ["a@b.c", "first.last+tag@sub.example.com", "admin@localhost", "o'neil@example.ie"]) {
    expect(isEmailAddress(good), good).toBe(true);
  }
  const bad = [
    "",
    "a",
    "@b",
    "a@",
    "a@@b",
    "a b@c.d",
    ".a@b.c",
    "a.@b.c",
    "a..b@c.d",
    "a@-b.c",
    "a@b..c",
    '"a\n"@b.c',
    "a@[127.0.0.1]",
    "a@b.c\n",
    "ä@b.c",
  ];
  for (const one of bad) expect(isEmailAddress(one), one).toBe(false);
});

test("each address comes once, whatever its case, as it was first spelled", () => {
  expect(distinctAddresses(["A@b.c", "x@y.z", "a@B.C"])).toEqual(["A@b.c", "x@y.z"]);
});
