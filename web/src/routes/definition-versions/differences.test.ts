import { expect, test } from "vitest";
import { compareVersions, cutCommon, differencesOf } from "./differences.ts";

const version = (jobDefinition: object) => ({
  version: 1,
  savedAt: "2026-11-24T06:00:00Z",
  savedBy: null,
  jobDefinition: {
    jobDefinitionCode: "a",
    jobType: "echo",
    name: "A",
    description: "",
    schedule: null,
    params: {},
    options: {},
    ...jobDefinition,
  },
});

test("a default that is said and one that is not are the same", () => {
  const before = version({ options: {}, schedule: { cron: "0 6 * * *" } });
  const after = version({
    options: { priority: 5, timeoutSeconds: 60, retry: { maxAttempts: 1 } },
    schedule: { cron: "0 6 * * *", timeZone: "UTC", exclude: { dates: [] } },
  });
  expect(compareVersions(before, after, () => 60)).toEqual([]);
});

test("only what differs is told, by the part that it belongs to", () => {
  const before = version({ params: { url: "https://a", headers: { a: "1" } }, options: { retry: { maxAttempts: 2 } } });
  const after = version({
    name: "B",
    params: { url: "https://b", headers: {} },
    options: { retry: { maxAttempts: 3 } },
  });
  expect(compareVersions(before, after, () => undefined)).toEqual([
    ["What it is", [{ path: ["name"], before: "A", after: "B" }]],
    [
      "Params",
      [
        { path: ["url"], before: "https://a", after: "https://b" },
        { path: ["headers", "a"], before: "1", after: undefined },
      ],
    ],
    ["Options", [{ path: ["retry", "maxAttempts"], before: 2, after: 3 }]],
  ]);
});

test("an object in the place of a list, a null and a name of every object's own are told as they are", () => {
  expect(differencesOf({ a: [1] }, { a: { 0: 1 } }, [])).toEqual([{ path: ["a"], before: [1], after: { 0: 1 } }]);
  expect(differencesOf({ a: null }, {}, [])).toEqual([{ path: ["a"], before: null, after: undefined }]);
  expect(differencesOf({}, { constructor: 1 }, [])).toEqual([{ path: ["constructor"], before: undefined, after: 1 }]);
  expect(differencesOf([1, 2], [1], [])).toEqual([{ path: ["1"], before: 2, after: undefined }]);
});

test.each([
  ["https://a.example/x", "https://bb.example/x", "a", "bb"],
  ["same", "same", "", ""],
  ["aa", "aaa", "", "a"],
  ["", "new", "", "new"],
])("%j and %j differ in %j and %j", (before, after, inBefore, inAfter) => {
  const cut = cutCommon(before, after);
  expect([cut.before.middle, cut.after.middle]).toEqual([inBefore, inAfter]);
  for (const [text, { start, middle, end }] of [
    [before, cut.before],
    [after, cut.after],
  ] as const) {
    expect(start + middle + end).toBe(text);
  }
});
