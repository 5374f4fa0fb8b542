import { expect, test } from "vitest";
import { createRunAbort } from "./run-abort.ts";

test("whoever listens hears of it once, in order, and the reason stays that of the first abort", () => {
  const abort = createRunAbort();
  const heard: string[] = [];
  const gone = () => heard.push("gone");
  abort.addEventListener("abort", () => heard.push(`first: ${abort.reason}`));
  abort.addEventListener("abort", gone);
  abort.addEventListener("abort", () => heard.push("second"));
  abort.removeEventListener("abort", gone);
  abort.throwIfAborted();
  expect(abort).toMatchObject({ aborted: false, reason: undefined });

  abort.abort("cancelled");
  abort.abort("over");
  expect(heard).toEqual(["first: cancelled", "second"]);
  expect(abort).toMatchObject({ aborted: true, reason: "cancelled" });
  expect(() => abort.throwIfAborted()).toThrow("cancelled");
});

test("the signal says the same, whether it was asked for before or after", () => {
  const before = createRunAbort();
  const { signal } = before;
  const reason = new Error("time is over");
  before.abort(reason);
  const after = createRunAbort();
  after.abort(reason);
  for (const one of [signal, after.signal]) expect(one).toMatchObject({ aborted: true, reason });
  expect(before.signal).toBe(signal);
});
