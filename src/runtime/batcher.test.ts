import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type BatcherOptions, createBatcher } from "./batcher.ts";

class Refused extends Error {}

/** Answers `a` for item `a`, refuses whole batches that hold a poisoned item, and notes the batches. */
function recording(options: Partial<BatcherOptions<number, string>> & { poisoned?: ReadonlySet<number> } = {}) {
  const batches: number[][] = [];
  const batcher = createBatcher<number, string>({
    maxSize: 100,
    maxRunning: 1,
    isRefused: (error) => error instanceof Refused,
    async run(items) {
      batches.push([...items]);
      if (items.some((item) => options.poisoned?.has(item))) throw new Refused("poisoned");
      return items.map((item) => `answer ${item}`);
    },
    ...options,
  });
  return { batcher, batches };
}

/** A run that ends when the test says so. */
function gated() {
  const gates: (() => void)[] = [];
  const run = vi.fn(async (items: readonly number[]) => {
    await new Promise<void>((resolve) => gates.push(resolve));
    return items.map((item) => `answer ${item}`);
  });
  return {
    run,
    open: () =>
      gates.splice(0).forEach((gate) => {
        gate();
      }),
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a lone caller is served in the next turn of the loop, and those of one turn go together", async () => {
  const { batcher, batches } = recording();
  const answers = [1, 2, 3].map((item) => batcher.add(item));
  expect(batches).toEqual([]);
  await turn();
  expect(batches).toEqual([[1, 2, 3]]);
  expect(await Promise.all(answers)).toEqual(["answer 1", "answer 2", "answer 3"]);
  expect(await batcher.add(4)).toBe("answer 4");
  expect(batches).toEqual([[1, 2, 3], [4]]);
});

test("what comes while a batch runs waits for it, in order, and goes together", async () => {
  const { run, open } = gated();
  const { batcher } = recording({ run });
  const first = batcher.add(1);
  await turn();
  const rest = [2, 3, 4].map((item) => batcher.add(item));
  await turn();
  expect(run).toHaveBeenCalledTimes(1);
  open();
  await first;
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  expect(run.mock.lastCall).toEqual([[2, 3, 4]]);
  open();
  expect(await Promise.all(rest)).toEqual(["answer 2", "answer 3", "answer 4"]);
});

test("never more than maxRunning batches of maxSize at once", async () => {
  const { run, open } = gated();
  const { batcher } = recording({ run, maxSize: 2, maxRunning: 2 });
  const answers = [1, 2, 3, 4, 5].map((item) => batcher.add(item));
  await turn();
  await turn();
  await turn();
  expect(run.mock.calls).toEqual([[[1, 2]], [[3, 4]]]);
  open();
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(3));
  open();
  expect(await Promise.all(answers)).toHaveLength(5);
});

test("poisoned items fail alone, wherever they stand, and every other is answered", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39)), async (count, bad) => {
      const poisoned = new Set(bad);
      const { batcher, batches } = recording({ poisoned });
      const items = Array.from({ length: count }, (_, index) => index);
      const settled = await Promise.allSettled(items.map((item) => batcher.add(item)));
      expect(settled.map((one) => one.status)).toEqual(
        items.map((item) => (poisoned.has(item) ? "rejected" : "fulfilled")),
      );
      const answered = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
      expect(answered).toEqual(items.filter((item) => !poisoned.has(item)).map((item) => `answer ${item}`));
      // Halving: each poisoned item costs at most two batches for each halving.
      expect(batches.length).toBeLessThanOrEqual(1 + 2 * 6 * items.filter((item) => poisoned.has(item)).length);
    }),
    { numRuns: 100 },
  );
});

test("a failure that may have taken effect fails the whole batch, once", async () => {
  const run = vi.fn(() => Promise.reject(new Error("connection lost")));
  const { batcher } = recording({ run });
  const settled = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
  expect(settled.map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(run).toHaveBeenCalledTimes(1);
});

test("a hopeless failure fails those that wait too, untried; who comes later is tried", async () => {
  let down = true;
  const run = vi.fn(async (items: readonly number[]) => {
    await turn();
    if (down) throw new Error("the database is away");
    return items.map(String);
  });
  const { batcher } = recording({ run, maxSize: 1, isHopeless: () => true });
  const settled = await Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
  expect(settled.map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(run).toHaveBeenCalledTimes(1);
  down = false;
  expect(await batcher.add(4)).toBe("4");
});

test("an answer too few is an error of that caller alone", async () => {
  const { batcher } = recording({ run: async (items) => items.slice(1).map(String) });
  const [first, second] = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
  expect([first?.status, second?.status]).toEqual(["fulfilled", "rejected"]);
});

test("drained waits for all that was added, also for what fails", async () => {
  const { run, open } = gated();
  const { batcher } = recording({ run, maxSize: 1 });
  await batcher.drained();
  const added = [batcher.add(1), batcher.add(2)];
  let drained = false;
  const done = batcher.drained().then(() => {
    drained = true;
  });
  await turn();
  open();
  await added[0];
  expect(drained).toBe(false);
  await vi.waitFor(() => expect(run).toHaveBeenCalledTimes(2));
  open();
  await done;
  await added[1];
});

test("a batch holds no more weight than it may, or one item that is heavier", async () => {
  const { batcher, batches } = recording({ weight: { most: 10, of: (item) => item } });
  await Promise.all([4, 5, 6, 99, 1, 9, 1].map((item) => batcher.add(item)));
  expect(batches).toEqual([[4, 5], [6], [99], [1, 9], [1]]);
});
