import { expect, test } from "vitest";
import { readConfig } from "../config/read-config.ts";
import { addressAt, originAt } from "./origin.ts";

test("the origin follows host, port and TLS; the address is PUBLIC_URL where there is one", () => {
  expect(originAt(readConfig({ PUNCTUAL_HOST: "::1" }), 9)).toBe("http://[::1]:9");
  expect(addressAt(readConfig({ PUNCTUAL_TLS_CERT: "c", PUNCTUAL_TLS_KEY: "k" }), 8080)).toBe("https://127.0.0.1:8080");
  expect(addressAt(readConfig({ PUBLIC_URL: "https://x.example/jobs/" }), 8080)).toBe("https://x.example/jobs");
});
