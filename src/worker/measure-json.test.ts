import { expect, test } from "vitest";
import { boundedJson, isDeeperThan } from "./measure-json.ts";

function nested(levels: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

test.each([
  { value: nested(3), most: 3, deeper: false },
  { value: nested(4), most: 3, deeper: true },
  { value: ["[[[[[[[[", "{{{{{{{{"], most: 1, deeper: false },
  { value: ['\\"[[[[', "\\", "[[[["], most: 1, deeper: false },
  { value: [["\\"], ["\\\\"], [['"']]], most: 2, deeper: true },
  { value: { '"[[': { '\\"': "x".repeat(20) } }, most: 2, deeper: false },
])("$value nests deeper than $most: $deeper", ({ value, most, deeper }) => {
  expect(isDeeperThan(JSON.stringify(value), most)).toBe(deeper);
});

test("what is JSON, and neither long nor deep, is written", () => {
  expect(boundedJson(nested(250))).toBe(JSON.stringify(nested(250)));
  expect(boundedJson(undefined)).toBe("null");
  expect(() => boundedJson(nested(251))).toThrow("it nests deeper than 250 levels");
  expect(() => boundedJson("x".repeat(32 * 1024 * 1024))).toThrow("characters of JSON; 33554432 is the most");
  expect(() => boundedJson(1n)).toThrow("BigInt");
});
