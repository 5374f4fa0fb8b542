import { expect, test } from "vitest";
import { isAmongHosts, parseSecretHost } from "./secret-hosts.ts";

test.each([
  ["API.Example.com", "api.example.com"],
  ["api.example.com.", "api.example.com"],
  ["*.example.com:8443", "*.example.com:8443"],
  ["münchen.example", "xn--mnchen-3ya.example"],
  ["0x7f.1", "127.0.0.1"],
  ["[::1]", "[::1]"],
  ["[0:0::1]:0443", "[::1]:443"],
])("%s is kept as %s", (text, kept) => {
  expect(parseSecretHost(text)).toBe(kept);
});

test.each([
  "",
  "*",
  "*.",
  ".",
  "a..b",
  "https://x",
  "x/",
  "x?y",
  "x#y",
  "u@x",
  "x:",
  "x:0",
  "x:70000",
  "x y",
  "::1",
  "*.1.2.3.4",
  "*.[::1]",
  "a.*.b",
  "%zz",
])("%j is no host", (text) => {
  expect(parseSecretHost(text)).toBeUndefined();
});

test.each<[string, string, boolean]>([
  ["api.example.com", "https://api.example.com/x", true],
  ["api.example.com", "http://API.example.com.:8080/", true],
  ["api.example.com", "https://api.example.com.evil.example/", false],
  ["api.example.com", "https://xapi.example.com/", false],
  ["api.example.com:443", "https://api.example.com/", true],
  ["api.example.com:443", "http://api.example.com/", false],
  ["api.example.com:80", "http://api.example.com/", true],
  ["*.example.com", "https://a.b.example.com/", true],
  ["*.example.com", "https://example.com/", false],
  ["*.example.com", "https://evilexample.com/", false],
  ["[::1]:8080", "http://[0::1]:8080/", true],
  ["127.0.0.1", "http://2130706433/", true],
])("bound to %s it may go to %s: %s", (host, url, may) => {
  expect(isAmongHosts([host], new URL(url))).toBe(may);
});
