import { expect, test } from "vitest";
import { createReadyJobs } from "./ready-jobs.ts";

const customers = (...ready: [string, number][]) =>
  ready.map(([customerCode, count]) => ({ customerCode, ready: count }));
const made = (...ready: [string, number][]) => new Map(ready);

/** A node that has looked and found nothing. */
function idle(alone: "alone" | "among others") {
  const clock = { now: 0 };
  const ready = createReadyJobs(() => clock.now);
  expect(ready.guess(10)).toBeUndefined();
  ready.looked({ customers: [], alone });
  return { ready, clock };
}

test("a node looks at first, and once a second", () => {
  const { ready, clock } = idle("among others");
  ready.heard(made(["a", 1]));
  clock.now = 999;
  expect(ready.guess(10)).toEqual({ customers: customers(["a", 1]), alone: "among others" });
  ready.taken(1);
  ready.heard(made(["a", 1]));
  clock.now = 1000;
  expect(ready.guess(10)).toBeUndefined();
});

test("with nothing to go by it looks", () => {
  const { ready } = idle("among others");
  expect(ready.guess(10)).toBeUndefined();
});

test("jobs that it has made need no look, and are forgotten once they are tried for", () => {
  const { ready } = idle("among others");
  ready.heard(made(["a", 1], ["b", 2]));
  ready.heard(made(["a", 1]));
  expect(ready.guess(10)?.customers).toEqual(customers(["a", 2], ["b", 2]));
  ready.taken(4);
  expect(ready.mayBeMore()).toBe(false);
  expect(ready.guess(10)).toBeUndefined();
});

test("what others have made is looked for, also while it has made some itself", () => {
  const { ready } = idle("among others");
  ready.heard(made(["a", 1]));
  ready.heard(undefined);
  expect(ready.guess(10)).toBeUndefined();
});

test("what is made during a look is tried for after it", () => {
  const { ready } = idle("among others");
  expect(ready.guess(10)).toBeUndefined();
  ready.heard(made(["a", 1]));
  ready.looked({ customers: [], alone: "among others" });
  expect(ready.guess(10)?.customers).toEqual(customers(["a", 1]));
});

test("a remainder is looked for", () => {
  const { ready } = idle("among others");
  ready.heard(made(["a", 3]));
  ready.guess(2);
  ready.taken(2);
  expect(ready.mayBeMore()).toBe(true);
  ready.heard(made(["a", 1]));
  expect(ready.guess(10)).toBeUndefined();
});

test("a customer that is alone is tried for without a look until a claim is not filled", () => {
  const { ready } = idle("alone");
  ready.heard(made(["a", 1]));
  expect(ready.guess(10)).toEqual({ customers: customers(["a", 10]), alone: "alone" });
  ready.taken(10);
  expect(ready.mayBeMore()).toBe(true);
  ready.looked({ customers: customers(["a", 10]), alone: "alone" });
  expect(ready.guess(4)?.customers).toEqual(customers(["a", 4]));
  ready.taken(3);
  expect(ready.mayBeMore()).toBe(false);
  expect(ready.guess(10)).toBeUndefined();
});

test("a second customer ends that", () => {
  const { ready } = idle("alone");
  ready.looked({ customers: customers(["a", 10]), alone: "alone" });
  ready.heard(made(["b", 1]));
  expect(ready.guess(10)).toBeUndefined();
});

test("jobs that found no slot are looked for", () => {
  const { ready } = idle("among others");
  ready.leave();
  expect(ready.mayBeMore()).toBe(true);
  ready.heard(made(["a", 1]));
  expect(ready.guess(10)).toBeUndefined();
});
