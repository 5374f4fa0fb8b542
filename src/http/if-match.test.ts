import { expect, test } from "vitest";
import { readIfMatch } from "./if-match.ts";

test.each([
  [undefined, null],
  ["*", "any"],
  [" * ", "any"],
  ['"3"', [3]],
  ['"3", "4","5"', [3, 4, 5]],
  ['W/"3"', []],
  ['W/"3", "4"', [4]],
  ['"x"', []],
  ['""', []],
  ['"03"', []],
  ['"0"', []],
  ['"3,4"', []],
  ['"12345678901234567890"', []],
])("If-Match: %s", (header, expected) => {
  expect(readIfMatch(header)).toEqual(expected);
});

test.each(["3", '"3', "", "abc", '"3" "4"', '"3",', 'w/"3"', '*, "3"'])("If-Match: %s is none", (header) => {
  expect(() => readIfMatch(header)).toThrow(/ETag in quotes/);
});
