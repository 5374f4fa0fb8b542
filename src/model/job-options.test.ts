import { expect, test } from "vitest";
import { defaultJobOptions, mergeJobOptions, resolveJobOptions } from "./job-options.ts";

test("nothing said is every default, and null is nothing said", () => {
  expect(resolveJobOptions({}, 60)).toEqual(defaultJobOptions(60));
  const nulls = { priority: null, retry: null, emailList: null, timeoutSeconds: null, concurrencyKey: null };
  expect(resolveJobOptions(nulls, 60)).toEqual(defaultJobOptions(60));
  expect(resolveJobOptions({ retry: { maxAttempts: null, backoff: "fixed" } }, 60).retry).toEqual({
    ...defaultJobOptions(60).retry,
    backoff: "fixed",
  });
});

test("false, 0 and an empty list are said", () => {
  const before = { skipNotification: true, emailList: ["a@example.com"] };
  expect(mergeJobOptions(before, { skipNotification: false, emailList: [] })).toEqual({
    skipNotification: false,
    emailList: [],
  });
  expect(resolveJobOptions({ retry: { initialSeconds: 0 } }, 60).retry.initialSeconds).toBe(0);
});

test("a change keeps what it does not name, resets what it names null, and replaces retry as a whole", () => {
  const before = { priority: 2, timeoutSeconds: 9, retry: { maxAttempts: 3, backoff: "fixed" as const } };
  expect(mergeJobOptions(before, {})).toEqual(before);
  expect(mergeJobOptions(before, { priority: null })).toEqual({ timeoutSeconds: 9, retry: before.retry });
  expect(mergeJobOptions(before, { retry: { maxAttempts: 5 } }).retry).toEqual({ maxAttempts: 5 });
});
