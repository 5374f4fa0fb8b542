import { expect, test } from "vitest";
import { createClaimAhead } from "./claim-ahead.ts";

/** A node whose claims take 8 ms. */
function claiming() {
  const clock = { now: 0 };
  const ahead = createClaimAhead(() => clock.now);
  for (let claims = 0; claims < 100; claims += 1) ahead.claimed(8);
  return { ahead, clock, end: (customer: string, runs: number) => repeat(runs, () => ahead.left(customer)) };
}

function repeat(times: number, what: () => void): void {
  for (let time = 0; time < times; time += 1) what();
}

test("as many jobs are claimed ahead as the customer's runs end while two or three claims are made", () => {
  const { ahead, clock, end } = claiming();
  end("a", 50);
  end("b", 10);
  clock.now = 100;
  end("a", 50);
  // A hundred in 100 ms and the next ones, of which none have passed yet.
  expect(Object.fromEntries(ahead.most())).toEqual({ a: 19, b: 1 });
  clock.now = 150;
  expect(Object.fromEntries(ahead.most())).toEqual({ a: 13, b: 1 });
});

test("nothing is claimed ahead where no run has ended for a while, or runs end slowly", () => {
  const { ahead, clock, end } = claiming();
  end("a", 100);
  clock.now = 200;
  expect(ahead.most()).toEqual(new Map());
  end("a", 4);
  expect(ahead.most()).toEqual(new Map());
});

test("however long claims take, no more is claimed ahead than is run in a tenth of a second", () => {
  const { ahead, end } = claiming();
  repeat(100, () => ahead.claimed(5_000));
  end("a", 30);
  expect(ahead.most()).toEqual(new Map([["a", 30]]));
});

test("once a job has waited in vain nothing is claimed ahead for two seconds", () => {
  const { ahead, clock, end } = claiming();
  end("a", 100);
  ahead.inVain();
  expect(ahead.most()).toEqual(new Map());
  clock.now = 1_999;
  end("a", 100);
  expect(ahead.most()).toEqual(new Map());
  clock.now = 2_000;
  expect(ahead.most()).toEqual(new Map([["a", 19]]));
});
