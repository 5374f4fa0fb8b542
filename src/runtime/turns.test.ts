import { expect, test } from "vitest";
import { createTurns } from "./turns.ts";

const never = new AbortController().signal;

test("one customer never has all places, and the next one's turn comes before its queue", async () => {
  const turns = createTurns(3);
  const order: string[] = [];
  const take = (customer: string, signal = never) =>
    turns.take(customer, signal).then((giveBack) => {
      order.push(customer);
      return giveBack;
    });
  const first = await take("a");
  await take("a");
  const waiting = [take("a"), take("a")];
  const other = await take("b");
  expect(order).toEqual(["a", "a", "b"]);
  const late = take("c");
  first();
  (await waiting[0])?.();
  await late;
  expect(order).toEqual(["a", "a", "b", "a", "c"]);
  other();
  await waiting[1];
  expect(order.at(-1)).toBe("a");
});

test("who gives up waiting is passed over, and the place goes to the next", async () => {
  const turns = createTurns(2);
  const giveBack = await turns.take("a", never);
  const abort = new AbortController();
  const gone = turns.take("a", abort.signal);
  const next = turns.take("a", never);
  abort.abort(new Error("enough"));
  await expect(gone).rejects.toThrow("enough");
  giveBack();
  await expect(next).resolves.toBeTypeOf("function");
  await expect(turns.take("b", AbortSignal.abort(new Error("late")))).rejects.toThrow("late");
});
