import { expect, test } from "vitest";
import { concurrencyKeyOf } from "./concurrency-key.ts";

test.each([
  [null, { a: 1 }, null],
  ["plain", {}, "plain"],
  ["shop-{{params.shop}}", { shop: "north" }, "shop-north"],
  ["{{ params.a.b }}/{{params.n}}", { a: { b: "x" }, n: 7 }, "x/7"],
  ["{{params.missing}}!", {}, "!"],
  ["{{params.list}}{{params.yes}}", { list: [1, { a: 2 }], yes: true }, "true"],
  ["{{params.toString}}{{params.__proto__}}", {}, ""],
  ["{{secrets.CODE}}", {}, "{{secrets.CODE}}"],
])("%j with %j is %j", (template, params, key) => {
  expect(concurrencyKeyOf(template, params)).toBe(key);
});

test("a key of a megabyte is kept as its hash, and different ones stay different", () => {
  const long = (end: string) => concurrencyKeyOf("{{params.a}}", { a: "x".repeat(1_000_000) + end });
  expect(long("a")).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(long("a")).not.toBe(long("b"));
});
