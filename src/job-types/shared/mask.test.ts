import { expect, test } from "vitest";
import { maskUrl } from "./mask.ts";

test("values of search params that look like secrets, or are named, are hidden", () => {
  const names = new Set(["q 1"]);
  expect(maskUrl("https://a.test/x?token=1&b=2&q+1=3&Api%5FKey=4#f", names)).toBe(
    "https://a.test/x?token=***&b=2&q+1=***&Api%5FKey=***#f",
  );
  expect(maskUrl("https://a.test/x?a?token=1", names)).toBe("https://a.test/x?a?token=***");
});

test("an address of nothing but question marks, as a redirect may name it, is looked through once", () => {
  const url = `https://a.test/${"?".repeat(300_000)}`;
  expect(maskUrl(url, new Set())).toBe(url);
});
