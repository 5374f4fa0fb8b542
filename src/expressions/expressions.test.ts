import { afterAll, expect, test } from "vitest";
import { failure } from "../../test/support/outgoing.ts";
import { createExpressions } from "./expressions.ts";

const never = new AbortController().signal;
const expressions = createExpressions({ timeMs: 1_000, memoryMiB: 64, mostResultCharacters: 1_000 });

afterAll(() => expressions.close());

function evaluate(expression: string, input: unknown = {}, customer = "demo"): Promise<unknown> {
  return expressions.evaluate(customer, expression, JSON.stringify(input), never);
}

test.each([
  ["body.error", { body: { error: "no" } }, "no"],
  ["$not($exists(body.error))", { body: {} }, true],
  ["body.nothing", { body: {} }, undefined],
  ["function($x){$x}", {}, undefined],
  ["body.items.(price * quantity)", { body: { items: [{ price: 2, quantity: 3 }] } }, 6],
  ["$sum(items)", { items: [1, 2, 3] }, 6],
  ["null", {}, null],
])("%s of %j is %j", async (expression, input, value) => {
  expect(await evaluate(expression, input)).toEqual(value);
});

test("leaves nothing for the next expression, and sees nothing of the node", async () => {
  expect(await evaluate("$left := 1")).toBe(1);
  expect(await evaluate("$left")).toBeUndefined();
  expect(await evaluate("$eval('process.env')")).toBeUndefined();
  expect(await evaluate("constructor.constructor")).toBeUndefined();
});

test.each([
  ["loops", "($f := function($n){$f($n + 1)}; $f(1))", /takes longer than 1 s/],
  ["calls itself without end", "($f := function($n){1 + $f($n + 1)}; $f(1))", /stack|memory|longer/i],
  ["asks for a huge text in one go", "$length($split($pad('a', 300000000), ''))", /memory|longer/],
  ["makes a list of ten million", "$map([1..9999999], function($v){$string($v)})", /memory|longer/],
  ["matches a pattern without end", "$match('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', /^(a+)+$/)", /longer/],
  ["answers too much", "$pad('a', 2000)", /more than 1000 characters/],
  ["is no JSONata", "body.(", /end of expression|could not be evaluated/i],
  ["fails", "$error('my words')", /my words/],
])("one that %s fails by itself", async (_, expression, message) => {
  const error = await failure(evaluate(expression), "EXPRESSION_FAILED");
  expect(error.message).toMatch(message);
  expect(await evaluate("1 + 1")).toBe(2);
});

test("one customer's loops hold up no other's expressions", async () => {
  const loops = Array.from({ length: 3 }, () => evaluate("($f := function($n){$f($n + 1)}; $f(1))", {}, "loop"));
  const ended: string[] = [];
  const watched = loops.map((loop) => loop.catch(() => ended.push("loop")));
  expect(await evaluate("1 + 1", {}, "other")).toBe(2);
  ended.push("other");
  await Promise.all(watched);
  // Each loop takes a process with it; the next one needs a new one, which the other customer does not wait for.
  expect(ended.indexOf("other")).toBeLessThan(2);
});

test("an abort ends one that runs and one that waits, with its reason", async () => {
  const abort = new AbortController();
  const reason = new Error("cancelled");
  const loop = "($f := function($n){$f($n + 1)}; $f(1))";
  const runs = [1, 2, 3].map(() => expressions.evaluate("demo", loop, "{}", abort.signal));
  const outcomes = Promise.allSettled(runs);
  abort.abort(reason);
  expect(await outcomes).toEqual(runs.map(() => ({ status: "rejected", reason })));
  expect(await evaluate("1 + 1")).toBe(2);
});

test("a node that stops ends those that run and those that wait, and takes no more", async () => {
  const own = createExpressions({ processes: 1 });
  const loop = "($f := function($n){$f($n + 1)}; $f(1))";
  const runs = [loop, "1 + 1", "2 + 2"].map((one) =>
    failure(own.evaluate("demo", one, "{}", never), "EXPRESSION_FAILED"),
  );
  own.close();
  for (const error of (await Promise.all(runs)).slice(1)) expect(error.message).toContain("the node is stopping");
  const late = await failure(own.evaluate("demo", "1 + 1", "{}", never), "EXPRESSION_FAILED");
  expect(late.message).toContain("the node is stopping");
});
