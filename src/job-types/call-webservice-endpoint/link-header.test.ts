import { expect, test } from "vitest";
import { nextLink } from "./link-header.ts";

test.each([
  [undefined, undefined],
  ["", undefined],
  ['<https://a.test/?page=2>; rel="next"', "https://a.test/?page=2"],
  ['<https://a.test/?page=1>; rel="prev", <https://a.test/?page=3>; rel="next"', "https://a.test/?page=3"],
  ['</b?x=1,2>; title="a, b; rel=next"; rel=next', "/b?x=1,2"],
  ['</b>; rel="last next"', "/b"],
  ['</b>; REL="NEXT"', "/b"],
  ['</b>; rel="nextish"', undefined],
  ['</b>; title="rel=next"', undefined],
  ["</b>", undefined],
  ["nonsense; rel=next", undefined],
  ["<", undefined],
])("%j leads to %j", (header, address) => {
  expect(nextLink(header)).toBe(address);
});

test("several headers are one list", () => {
  expect(nextLink(['</a>; rel="prev"', '</b>; rel="next"'])).toBe("/b");
});

test("a hostile header is read in no time", () => {
  expect(nextLink(`<a>${'; x="'.repeat(100_000)}`)).toBeUndefined();
  expect(nextLink(`<a>${" ;a".repeat(100_000)}`)).toBeUndefined();
  expect(nextLink("<".repeat(100_000))).toBeUndefined();
});
