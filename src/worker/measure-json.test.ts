import { expect, test } from "vitest";
import { isDeeperThan } from "../model/json-depth.ts";
import { boundedJson } from "./measure-json.ts";

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
  expect(boundedJson(nested(250), 10_000)).toBe(JSON.stringify(nested(250)));
  expect(boundedJson(undefined, 10_000)).toBe("null");
  expect(() => boundedJson(nested(251), 10_000)).toThrow("it nests deeper than 250 levels");
  expect(() => boundedJson(1n, 10_000)).toThrow("BigInt");
  const cycle: unknown[] = [];
  cycle.push(cycle);
  expect(() => boundedJson(cycle, 10_000)).toThrow("circular");
});

test("the bound is in bytes, and exact", () => {
  for (const value of [
    "x".repeat(98),
    "é".repeat(49),
    "😀".repeat(24),
    { key: "v".repeat(90) },
    new Array(49).fill(1),
  ]) {
    const text = JSON.stringify(value);
    expect(boundedJson(value, Buffer.byteLength(text))).toBe(text);
    expect(() => boundedJson(value, Buffer.byteLength(text) - 1)).toThrow("bytes of JSON");
  }
});

test("a gigabyte that an object makes only when it is asked for its JSON is refused while it is written", () => {
  const megabyte = "x".repeat(1024 * 1024);
  let asked = 0;
  const lazy = {
    toJSON: () => {
      asked += 1;
      return Array.from({ length: 1024 }, () => megabyte);
    },
  };
  const endless = {
    toJSON: () => ({
      parts: Array.from({ length: 1024 }, () => ({
        toJSON: () => {
          asked += 1;
          return megabyte;
        },
      })),
    }),
  };
  for (const value of [lazy, { deep: [lazy] }, endless]) {
    asked = 0;
    expect(() => boundedJson(value, 16 * 1024 * 1024)).toThrow("16777216 bytes of JSON");
    // It stops at the bound, and asks for no more.
    expect(asked).toBeLessThan(20);
  }
  expect(boundedJson({ toJSON: () => ({ a: [1, "two", null], at: new Date(0) }) }, 100)).toBe(
    '{"a":[1,"two",null],"at":"1970-01-01T00:00:00.000Z"}',
  );
});

test("a gigabyte is refused without being written", () => {
  const megabyte = "x".repeat(1024 * 1024);
  const values = [
    new Array(2048).fill(megabyte),
    { deep: { list: new Array(2048).fill({ megabyte }) } },
    Buffer.alloc(64 * 1024 * 1024),
  ];
  const from = performance.now();
  for (const value of values) expect(() => boundedJson(value, 16 * 1024 * 1024)).toThrow("16777216 bytes of JSON");
  expect(performance.now() - from).toBeLessThan(500);
});
