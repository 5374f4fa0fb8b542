import { expect, test } from "vitest";
import { parseEgressRules } from "./egress-rules.ts";

test("networks and hosts are read, blanks and empty entries are not", () => {
  expect(
    parseEgressRules(" 10.0.0.0/8, fd00::/8 ,127.0.0.1:8080,Intranet.Example.:443,[::1]:8080,0177.0.0.1:80,"),
  ).toEqual([
    { kind: "network", address: "10.0.0.0", prefixLength: 8, port: null },
    { kind: "network", address: "fd00::", prefixLength: 8, port: null },
    { kind: "host", host: "127.0.0.1", port: 8080 },
    { kind: "host", host: "intranet.example", port: 443 },
    { kind: "host", host: "::1", port: 8080 },
    { kind: "host", host: "127.0.0.1", port: 80 },
  ]);
  expect(parseEgressRules("")).toEqual([]);
  expect(parseEgressRules("  ")).toEqual([]);
});

test.each([
  ["10.0.0.0/8:443", { kind: "network", address: "10.0.0.0", prefixLength: 8, port: 443 }],
  ["[fd00::/8]:443", { kind: "network", address: "fd00::", prefixLength: 8, port: 443 }],
  ["10.0.0.1", { kind: "host", host: "10.0.0.1", port: null }],
  ["::1", { kind: "host", host: "::1", port: null }],
  ["[FE80::1]", { kind: "host", host: "fe80::1", port: null }],
  ["1:2:3:4:5:6:7:8", { kind: "host", host: "1:2:3:4:5:6:7:8", port: null }],
  ["Intranet.Example", { kind: "host", host: "intranet.example", port: null }],
  ["käse.example", { kind: "host", host: "xn--kse-qla.example", port: null }],
  ["*.Example.com", { kind: "subdomains", domain: "example.com", port: null }],
  ["*.example.com:8443", { kind: "subdomains", domain: "example.com", port: 8443 }],
  ["*", { kind: "any", port: null }],
  ["*:25", { kind: "any", port: 25 }],
])("%s", (entry, rule) => {
  expect(parseEgressRules(entry)).toEqual([rule]);
});

test.each([
  ["http://127.0.0.1:8080", /leave out "http:\/\/"/],
  ["intranet.example:0", /a port is 1–65535/],
  ["intranet.example:70000", /a port is 1–65535/],
  ["intranet.example:443:1", /write a network as in/],
  ["intranet.example:https", /write a network as in/],
  ["10.0.0.0/33", /0–32/],
  ["fd00::/129", /0–128/],
  ["fd00::/8:443", /address and a prefix length/],
  ["10.0.0/8", /not an IPv4 or IPv6 address/],
  ["300.0.0.0/8", /not an IPv4 or IPv6 address/],
  ["10.0.0.0/8/8", /address and a prefix length/],
  ["10.0.0.0/eight", /address and a prefix length/],
  ["api.*.example:443", /only at the beginning/],
  ["*example.com", /only at the beginning/],
  ["**", /only at the beginning/],
  ["*.", /not a host name/],
  ["user@host:80", /not a host name/],
  ["[nonsense]:80", /not a host name/],
  ["300.1.1.1", /not a host name/],
])("%s is refused with what to write instead", (entry, hint) => {
  expect(() => parseEgressRules(`10.0.0.0/8,${entry}`)).toThrow(hint);
  expect(() => parseEgressRules(entry)).toThrow(JSON.stringify(entry));
});

test("every entry that is not understood is named", () => {
  expect(() => parseEgressRules("http://a,ok.example,b:0")).toThrow(/"http:\/\/a".*; .*"b:0"/);
});
