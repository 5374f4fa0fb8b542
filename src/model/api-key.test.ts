import { expect, test } from "vitest";
import { hashSecret, isSecretOf, newApiKey, parseApiKey } from "./api-key.ts";

test("a new key is taken apart into its id and the secret whose hash is kept", () => {
  const made = newApiKey();
  const parsed = parseApiKey(made.key);
  expect(parsed?.apiKeyId).toBe(made.apiKeyId);
  expect(isSecretOf(parsed?.secret ?? "", made.secretHash)).toBe(true);
  expect(isSecretOf(`${parsed?.secret}A`, made.secretHash)).toBe(false);
  expect(hashSecret("x")).toHaveLength(32);
  expect(newApiKey().key).not.toBe(made.key);
});

test("anything else is no key", () => {
  const { key } = newApiKey();
  for (const text of [
    "",
    "pnc_",
    key.slice(1),
    `${key}A`,
    key.slice(0, -1),
    key.toUpperCase(),
    ` ${key}`,
    `${key}\n`,
  ]) {
    expect(parseApiKey(text)).toBeUndefined();
  }
});
