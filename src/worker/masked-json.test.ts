import { expect, test } from "vitest";
import { createSecretMask } from "../model/mask-secrets.ts";
import { maskedJson } from "./masked-json.ts";

const secret = "0123456789abcdefghij";

test("large JSON is masked as small JSON is", async () => {
  const mask = createSecretMask([secret]);
  mask.add("a-token-that-was-given-for-it");
  for (const length of [1, 100_000]) {
    const value = {
      [secret]: ["x".repeat(length), secret, { deep: Buffer.from(`user:${secret}`).toString("base64") }],
    };
    const masked = await maskedJson(mask, JSON.stringify({ value, token: "a-token-that-was-given-for-it" }));
    expect(JSON.parse(masked)).toEqual(mask.json({ value, token: "a-token-that-was-given-for-it" }));
    expect(masked).not.toContain("0123456789");
  }
});

test("text that is made to take long holds up nothing else", async () => {
  const mask = createSecretMask([secret]);
  const json = JSON.stringify(["%5Cu0041&#65;+".repeat(60_000)]);
  let turns = 0;
  const turning = setInterval(() => {
    turns += 1;
  }, 1);
  const outcomes = await Promise.all([1, 2].map(() => maskedJson(mask, json)));
  clearInterval(turning);
  expect(outcomes).toEqual([json, json]);
  expect(turns).toBeGreaterThan(10);
});
