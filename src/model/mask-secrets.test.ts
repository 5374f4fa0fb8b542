import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSecretMask } from "./mask-secrets.ts";

const value = `p@ss/"wörd" & 100% <+>\\ 'x'`;
const mask = createSecretMask([value]);

const base64 = (text: string) => Buffer.from(text).toString("base64");
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const ascii = (text: string) =>
  json(text).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
const html = (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

describe("a value does not show", () => {
  test.each<[string, string]>([
    ["as it is", value],
    ["in URLs", encodeURIComponent(value)],
    ["in URLs, in lower case", encodeURIComponent(value).replace(/%../g, (one) => one.toLowerCase())],
    ["in URLs, as the URL parser writes it", new URL(`http://x/?q=${value.replace("%", "%25")}`).search.slice(3)],
    ["in URLs, all of it", Buffer.from(value).toString("hex").replace(/../g, "%$&")],
    ["in a URL in a URL", encodeURIComponent(encodeURIComponent(value))],
    ["in forms", new URLSearchParams({ q: value }).toString().slice(2)],
    ["in JSON", json(value)],
    ["in JSON of ASCII alone", ascii(value)],
    ["in JSON that escapes slashes", json(value).replaceAll("/", "\\/")],
    ["in JSON that is safe in HTML", json(value).replaceAll("<", "\\u003C").replaceAll("&", "\\u0026")],
    ["in JSON in JSON", json(json(value))],
    ["in HTML", html(value)],
    ["in HTML with numbers", value.replace(/[&<>"']/g, (one) => `&#x${one.charCodeAt(0).toString(16)};`)],
    ["in JSON of HTML", json(html(value))],
    ["in a shell", value.replaceAll("'", "'\\''")],
    ["in JSON in a shell", json(value).replaceAll("'", "'\\''")],
  ])("%s", (_how, shape) => {
    expect(mask.text(`before ${shape} after`)).toBe("before *** after");
    expect(mask.text(shape)).toBe("***");
  });

  test.each(["", "a", "ab", "user:", "user:password:"])("in base64 behind %j, before anything", (before) => {
    for (const after of ["", "x", "xy", ":more of it"]) {
      const masked = mask.text(`Basic ${base64(before + value + after)}`);
      expect(masked).toMatch(/^Basic [\w+/]*\*\*\*[\w+/]*=*$/);
      const shown = Buffer.from(masked.slice("Basic ".length).replace(/\*.*/, ""), "base64").toString();
      expect(before.startsWith(shown)).toBe(true);
      expect(mask.text(Buffer.from(before + value + after).toString("base64url"))).toContain("***");
      expect(mask.text(encodeURIComponent(base64(before + value + after)))).toContain("***");
    }
  });

  test.each([json, html, encodeURIComponent, base64])(
    "in base64 of what %s made of it, in either alphabet",
    (shape) => {
      for (const encoding of ["base64", "base64url"] as const) {
        for (const around of ["", "x", "xy", "é", "\u{10000}"]) {
          const body = Buffer.from(`${around}{"value":"${shape(value)}","more":"${around}"}`);
          const masked = mask.text(`body: ${body.toString(encoding)}`);
          expect(masked).toMatch(/^body: [\w+/-]*\*\*\*[\w+/-]*=*$/);
          const kept = masked
            .slice("body: ".length)
            .split("***")
            .map((part) => part.length);
          expect(kept.reduce((sum, length) => sum + length, 0)).toBeLessThan(8 + 4 * around.length * 3 + 40);
        }
      }
    },
  );

  test("several times, beside one another, and overlapping with another's", () => {
    expect(mask.text(`${value}${value} ${encodeURIComponent(value)}${value}`)).toBe("*** ***");
    expect(createSecretMask(["abcdefgh", "efghijkl"]).text("-abcdefghijkl-")).toBe("-***-");
    expect(createSecretMask(["abcdefgh", "cdef"]).text("-abcdefgh- cdef")).toBe("-***- ***");
  });

  test("whatever stands around it", () => {
    const secrets = fc.string({ minLength: 4, maxLength: 120, unit: "grapheme" });
    const shapes = fc.constantFrom(
      (text: string) => text,
      json,
      ascii,
      html,
      encodeURIComponent,
      (text: string) => encodeURIComponent(json(text)),
    );
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), shapes, (secret, before, after, shape) => {
        const whole = shape(secret);
        const masked = createSecretMask([secret]).text(` ${before} ${whole} ${after} `);
        expect(masked).toContain("***");
        if (!`${before} ${after}***`.includes(whole)) expect(masked).not.toContain(whole);
      }),
      { numRuns: 500 },
    );
  });
});

describe("parts of a value", () => {
  const token = "sk_live_0123456789abcdefghijklmnopqrstuvwxyz";

  test("are hidden where a text breaks off, and where half of it stands", () => {
    const { text } = createSecretMask([token]);
    expect(text(`Bearer ${token.slice(0, 12)}`)).toBe("Bearer ***");
    expect(text(`Bearer ${base64(token).slice(0, 12)}`)).toBe("Bearer ***");
    expect(text(`Bearer ${token.slice(0, 30)}… was refused`)).toBe("Bearer ***… was refused");
    expect(text("sk_live_ is how keys of ours begin")).toBe("sk_live_ is how keys of ours begin");
  });

  test("of several lines are hidden line by line, in JSON and with other line ends too", () => {
    const line = (of: string) => of.repeat(64);
    const pem = `-----BEGIN PRIVATE KEY-----\n${line("a")}\n${line("b")}\n${"c".repeat(20)}==\n-----END PRIVATE KEY-----\n`;
    const { text } = createSecretMask([pem]);
    expect(text(pem)).toBe("***");
    expect(text(JSON.stringify({ pem }))).toBe('{"pem":"***"}');
    expect(text(`> ${pem.trim().replaceAll("\n", "\r\n")}`)).toBe("> ***");
    expect(text(`line 2: ${line("b")}`)).toBe("line 2: ***");
    expect(text(`line 3: ${"c".repeat(20)}==`)).toBe("line 3: ***");
  });

  test("of a long one are hidden wherever they were cut out", () => {
    const long = Array.from({ length: 3_000 }, (_, index) => `${index};`).join("");
    const { text } = createSecretMask([long]);
    expect(text(`x${long}x`)).toBe("x***x");
    expect(text(`x${long.slice(5_000, 5_400)}x`)).toBe("x***x");
    expect(text(`x${base64(long).slice(7_001, 7_401)}x`)).toBe("x***x");
  });

  test("of one that is JSON are hidden when it comes back as JSON", () => {
    const account = {
      client_email: "robot@example.com",
      private_key: "-----BEGIN X-----\nabc",
      nested: ["0123456789"],
    };
    const { json: hide } = createSecretMask([JSON.stringify(account, null, 2)]);
    expect(hide({ echo: account, n: 1 })).toEqual({
      echo: { client_email: "***", private_key: "***", nested: ["***"] },
      n: 1,
    });
  });
});

describe("what is no secret stays", () => {
  test.each(["", "nothing here", "%zz %41 %E9 \\q \\u00zz &copy; &#99999999; 100% +1", "***"])("%j", (text) => {
    expect(mask.text(text)).toBe(text);
    expect(createSecretMask().text(text)).toBe(text);
  });

  test("a short value is hidden only where it is all of a text", () => {
    const { text, json: hide } = createSecretMask(["no", "7"]);
    expect(text("no one noted it in 1977")).toBe("no one noted it in 1977");
    expect(hide({ a: "no", b: 7, c: 77, d: ["7"] })).toEqual({ a: "***", b: 7, c: 77, d: ["***"] });
  });
});

test("JSON is masked in its texts, names and numbers, and keeps its shape", () => {
  const { json: hide } = createSecretMask(["12345678", 'a","b']);
  expect(hide({ 'x a","b': ["a", "b", 12345678, 1, true, null], 12345678: { deep: 'a","b' } })).toEqual({
    "x ***": ["a", "b", "***", 1, true, null],
    "***": { deep: "***" },
  });
});

// Comparing at every place to the end would take minutes.
test.each<[string, string, string]>([
  ["one letter", "a".repeat(65_536), "a".repeat(4_000_000)],
  ["one letter and another", `${"a".repeat(65_535)}b`, "a".repeat(4_000_000)],
  ["what never ends", `${"ab".repeat(40)}c`, "ab".repeat(2_000_000)],
  ["only escapes", `${"%".repeat(60)}x`, "%25".repeat(1_300_000)],
])("a text of %s is hidden in a time that grows with its length alone", (_of, secret, text) => {
  expect(createSecretMask([secret]).text(text)).toBe("***");
});
