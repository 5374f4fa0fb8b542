import { expect, test } from "vitest";
import { rangeOf } from "./byte-range.ts";

test.each([
  ["bytes=0-4", { first: 0, last: 4 }],
  ["bytes=5-", { first: 5, last: 9 }],
  ["bytes=-3", { first: 7, last: 9 }],
  ["bytes=-99", { first: 0, last: 9 }],
  ["bytes=9-99999", { first: 9, last: 9 }],
  [undefined, null],
  ["bytes=-", null],
  ["bytes=4-2", null],
  ["bytes=0-1,3-4", null],
  ["lines=0-4", null],
  ["bytes=a-b", null],
])("%s of ten bytes", (header, expected) => {
  expect(rangeOf(header, 10)).toEqual(expected);
});

test.each(["bytes=10-", "bytes=99-100", "bytes=-0"])("%s lies behind the end", (header) => {
  expect(() => rangeOf(header, 10)).toThrow("lies behind its end");
});
