import { expect, test } from "vitest";
import { findMisfit } from "./shape.ts";

const example = { cron: "", limit: null, on: true, retry: { times: 1 }, list: [""], rules: [{ when: "", by: [""] }] };

test.each([
  [{}, undefined],
  [
    { cron: "a", limit: 1, on: false, retry: { times: 2 }, list: ["a"], rules: [{ when: "x", by: ["mail"] }] },
    undefined,
  ],
  [{ cron: null, limit: null, list: null, other: [[]] }, undefined],
  [[], "It: must be an object: {…}"],
  ["text", "It: must be an object: {…}"],
  [{ cron: 5 }, "/cron: must be a text"],
  [{ limit: [] }, "/limit: must be a text or a number"],
  [{ on: "yes" }, "/on: must be true or false"],
  [{ retry: [1] }, "/retry: must be an object: {…}"],
  [{ retry: { times: "2" } }, "/retry/times: must be a number"],
  [{ list: {} }, "/list: must be a list: […]"],
  [{ list: ["a", 1] }, "/list/1: must be a text"],
  [{ rules: [null] }, "/rules/0: must not be null"],
  [{ rules: [{ by: "mail" }] }, "/rules/0/by: must be a list: […]"],
])("%j: %s", (value, expected) => {
  expect(findMisfit(value, example)).toBe(expected);
});
