import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { asCurl, type ShownRequest } from "./as-curl.ts";

const plain: ShownRequest = {
  method: "GET",
  url: "https://api.example.com/orders",
  headers: {},
  body: null,
  bodyEncoding: "none",
  bodyTruncated: false,
};

/** What curl would be given, and what would stand at its standard input, if the line were run. */
function run(line: string): { words: string[]; input: string } {
  const fake = `curl() { printf '%s\\0' "$@"; printf '\\0'; case "$*" in *"@-"*) cat;; esac; }\n`;
  const [words = "", input = ""] = execFileSync("sh", ["-c", fake + line], { encoding: "utf8" }).split("\0\0");
  return { words: words.split("\0"), input };
}

test("reads as a person would write it", () => {
  const line = asCurl(
    { ...plain, method: "POST", headers: { accept: "*/*" }, body: '{"a":1}', bodyEncoding: "text" },
    true,
  );
  expect(line).toBe(
    `curl --globoff --compressed --request POST --location --header 'accept: */*' --data-raw '{"a":1}' 'https://api.example.com/orders'`,
  );
});

test.each([
  "it's",
  "'; rm -rf / #",
  '$(id) `id` \\ " ! * ~ &&',
  "two\nlines\r\n",
  "'''",
  "@/etc/passwd",
  "--output",
  "käse 日本 \u0001",
])("%j reaches curl as it is, in a header, the body and the address", (text) => {
  const header = text.replaceAll(/[\r\n]/g, " ");
  const line = asCurl(
    {
      ...plain,
      method: "POST",
      url: `https://a/?q=${text}`,
      headers: { "X-A": header },
      body: text,
      bodyEncoding: "text",
    },
    false,
  );
  const { words } = run(line);
  expect(words[words.indexOf("--data-raw") + 1]).toBe(text);
  expect(words[words.indexOf("--header") + 1]).toBe(`X-A: ${header}`);
  expect(words.at(-1)).toBe(`https://a/?q=${text}`);
});

test("names the TLS that was used, and files in place of certificates and keys", () => {
  const tls = { ca: true, certificate: true, passphrase: true, servername: "erp.internal", insecure: false };
  expect(asCurl({ ...plain, url: "https://10.1.2.3:8443/orders?a=10.1.2.3", tls }, false)).toBe(
    "curl --globoff --compressed --cacert ca.pem --cert certificate.pem --key key.pem --pass '***' --connect-to 'erp.internal:8443:10.1.2.3:8443' --header 'Host: 10.1.2.3:8443' 'https://erp.internal:8443/orders?a=10.1.2.3'",
  );
  const insecure = { ca: false, certificate: false, passphrase: false, servername: null, insecure: true };
  expect(asCurl({ ...plain, tls: insecure }, false)).toContain(" --insecure 'https:");
  expect(asCurl({ ...plain, url: "http://a.test/", tls }, false)).not.toMatch(/pem|connect-to/);
});

test("bytes go through base64, HEAD asks for a head, an empty header is sent, a long body is left to a file", () => {
  const bytes = run(asCurl({ ...plain, method: "PUT", body: "aGVsbG8=", bodyEncoding: "base64" }, false));
  expect(bytes.input).toBe("hello");
  expect(run(asCurl({ ...plain, method: "HEAD" }, false)).words).toContain("--head");
  expect(run(asCurl({ ...plain, headers: { "X-A": "" } }, false)).words).toContain("X-A;");
  const long = run(asCurl({ ...plain, method: "PUT", body: "x", bodyEncoding: "text", bodyTruncated: true }, false));
  expect(long.words).toContain("@body");
});
