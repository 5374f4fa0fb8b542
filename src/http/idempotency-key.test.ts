import { expect, test } from "vitest";
import { readIdempotencyKey } from "./idempotency-key.ts";

const hash = (body: unknown) => readIdempotencyKey("k", "/p", body)?.bodyHash;

test("the order of fields is not the request; that of lists is", () => {
  expect(hash({ a: 1, b: { c: [1, 2], d: null } })).toEqual(hash({ b: { d: null, c: [1, 2] }, a: 1 }));
  expect(hash({ a: [1, 2] })).not.toEqual(hash({ a: [2, 1] }));
  expect(hash({ a: 1 })).not.toEqual(hash({ a: "1" }));
  expect(hash({ a: null })).not.toEqual(hash({}));
});

test("a key is 1–255 visible ASCII characters", () => {
  expect(readIdempotencyKey(undefined, "/p", {})).toBeUndefined();
  expect(readIdempotencyKey("~".repeat(255), "/p", {})).toMatchObject({ path: "/p" });
  for (const key of ["", " ", "a b", "é", "a".repeat(256)]) expect(() => readIdempotencyKey(key, "/p", {})).toThrow();
});
