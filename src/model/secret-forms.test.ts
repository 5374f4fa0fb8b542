import { describe, expect, test } from "vitest";
import { createSecretMask } from "./mask-secrets.ts";

describe("an address that is a secret as a whole", () => {
  const secret = "https://Hooks.Example.com:443/services/T0AB/AbCdEfGh12345678?token=abc1234567&v=1";
  const mask = createSecretMask([secret]);

  test.each([
    ["as the URL parser writes it", new URL(secret).href],
    ["without its query", "https://hooks.example.com/services/T0AB/AbCdEfGh12345678"],
    ["its path and query, as a server echoes it", "/services/T0AB/AbCdEfGh12345678?token=abc1234567&v=1"],
    ["its path", "/services/T0AB/AbCdEfGh12345678"],
    ["the long part of its path", "AbCdEfGh12345678"],
    ["a value of its query", "abc1234567"],
  ])("%s does not show", (_what, text) => {
    expect(mask.text(`Cannot GET ${text} here`)).toBe("Cannot GET *** here");
  });

  test("what any address has shows", () => {
    expect(mask.text("GET https://other.example.com/services/ v=1")).toBe(
      "GET https://other.example.com/services/ v=1",
    );
    const bare = createSecretMask(["https://example.com/"]);
    expect(bare.text("a/b, https://www.example.com/b")).toBe("a/b, https://www.example.com/b");
  });
});

test("a value that was cut before an ellipsis is hidden from eight characters on", () => {
  const mask = createSecretMask(["0123456789abcdef0123456789ABCDEFxyz"]);
  expect(mask.text('The expression "x 0123456789ab…" failed')).toBe('The expression "x ***…" failed');
  expect(mask.text('The expression "x 0123456…" failed')).toBe('The expression "x 0123456…" failed');
});
