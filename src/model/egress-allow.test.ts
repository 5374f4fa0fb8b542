import { expect, test } from "vitest";
import { parseEgressAllow } from "./egress-allow.ts";

test("networks and hosts are read, blanks and empty entries are not", () => {
  expect(
    parseEgressAllow(" 10.0.0.0/8, fd00::/8 ,127.0.0.1:8080,Intranet.Example.:443,[::1]:8080,0177.0.0.1:80,"),
  ).toEqual([
    { kind: "network", address: "10.0.0.0", prefixLength: 8 },
    { kind: "network", address: "fd00::", prefixLength: 8 },
    { kind: "host", host: "127.0.0.1", port: 8080 },
    { kind: "host", host: "intranet.example", port: 443 },
    { kind: "host", host: "::1", port: 8080 },
    { kind: "host", host: "127.0.0.1", port: 80 },
  ]);
  expect(parseEgressAllow("")).toEqual([]);
  expect(parseEgressAllow("  ")).toEqual([]);
});

test.each([
  ["http://127.0.0.1:8080", /leave out "http:\/\/"/],
  ["10.0.0.1", /10\.0\.0\.1\/32/],
  ["fe80::1", /\[fe80::1\]:443/],
  ["intranet.example", /with its port/],
  ["intranet.example:0", /a port is 1–65535/],
  ["intranet.example:70000", /a port is 1–65535/],
  ["10.0.0.0/33", /0–32/],
  ["fd00::/129", /0–128/],
  ["10.0.0/8", /not an IPv4 or IPv6 address/],
  ["300.0.0.0/8", /not an IPv4 or IPv6 address/],
  ["10.0.0.0/8/8", /address and a prefix length/],
  ["10.0.0.0/eight", /address and a prefix length/],
  ["*.example:443", /wildcards/],
  ["user@host:80", /not a host name/],
  ["[nonsense]:80", /not a host name/],
])("%s is refused with what to write instead", (entry, hint) => {
  expect(() => parseEgressAllow(`10.0.0.0/8,${entry}`)).toThrow(hint);
  expect(() => parseEgressAllow(entry)).toThrow(JSON.stringify(entry));
});
