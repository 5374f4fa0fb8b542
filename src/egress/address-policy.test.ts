import { describe, expect, test } from "vitest";
import { parseEgressRules } from "../model/egress-rules.ts";
import { createAddressPolicy } from "./address-policy.ts";

const target = { host: "service.example", port: 443 };
const strict = createAddressPolicy([]);

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "100.63.255.255",
  "172.32.0.1",
  "2606:4700::1111",
  "2a00:1450::1",
  "64:ff9b::8.8.8.8",
])("%s is public", (address) => {
  expect(strict.judge(target, address)).toBeNull();
});

test.each([
  ["0.0.0.0", "unspecified"],
  ["0.1.2.3", "unspecified"],
  ["10.0.0.1", "private"],
  ["172.16.0.1", "private"],
  ["172.31.255.255", "private"],
  ["192.168.1.1", "private"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["169.254.169.254", "link-local"],
  ["100.64.0.1", "carrier-grade NAT"],
  ["100.127.255.255", "carrier-grade NAT"],
  ["192.0.0.1", "reserved"],
  ["192.0.2.1", "reserved"],
  ["192.88.99.1", "reserved"],
  ["198.18.0.1", "reserved"],
  ["198.19.255.255", "reserved"],
  ["198.51.100.1", "reserved"],
  ["203.0.113.1", "reserved"],
  ["224.0.0.1", "multicast"],
  ["239.255.255.255", "multicast"],
  ["240.0.0.1", "reserved"],
  ["255.255.255.255", "broadcast"],
  ["::", "unspecified"],
  ["::1", "loopback"],
  ["fe80::1", "link-local"],
  ["fe80::1%eth0", "link-local"],
  ["2606:4700::1111%eth0", "link-local"],
  ["fec0::1", "site-local"],
  ["fc00::1", "private (unique local)"],
  ["fd12:3456::1", "private (unique local)"],
  ["ff02::1", "multicast"],
  ["::ffff:127.0.0.1", "IPv4-mapped"],
  ["::ffff:7f00:1", "IPv4-mapped"],
  ["::ffff:8.8.8.8", "IPv4-mapped"],
  ["::127.0.0.1", "reserved"],
  ["::8.8.8.8", "reserved"],
  ["::ffff:0:127.0.0.1", "reserved"],
  ["64:ff9b::127.0.0.1", "NAT64 form of a loopback"],
  ["64:ff9b::10.0.0.1", "NAT64 form of a private"],
  ["64:ff9b::169.254.169.254", "NAT64 form of a link-local"],
  ["64:ff9b:1::10.0.0.1", "NAT64"],
  ["2002:7f00:1::", "6to4"],
  ["2002:a00:1::1", "6to4"],
  ["2001:0:4136:e378:8000:63bf:3fff:fdd2", "Teredo"],
  ["2001:db8::1", "reserved"],
  ["2001:2::1", "reserved"],
  ["3fff::1", "reserved"],
  ["100::1", "reserved"],
  ["5f00::1", "reserved"],
  ["4000::1", "reserved"],
  ["not an address", "malformed"],
])("%s is refused: %s", (address, kind) => {
  expect(strict.judge(target, address)).toBe(kind);
});

describe("with exceptions", () => {
  const policy = createAddressPolicy(
    parseEgressRules("10.0.0.0/8,fd00::/8,127.0.0.1:8080,intranet.example:443,[::1]:80"),
  );

  test("a network allows its addresses under every name and port", () => {
    expect(policy.judge(target, "10.1.2.3")).toBeNull();
    expect(policy.judge(target, "::ffff:10.1.2.3")).toBeNull();
    expect(policy.judge(target, "fd00::5")).toBeNull();
    expect(policy.judge(target, "11.0.0.1")).toBeNull();
    expect(policy.judge(target, "192.168.0.1")).toBe("private");
    expect(policy.judge(target, "fc00::1")).toBe("private (unique local)");
  });

  test("a host allows exactly that host and port, whatever its address", () => {
    expect(policy.judge({ host: "127.0.0.1", port: 8080 }, "127.0.0.1")).toBeNull();
    expect(policy.judge({ host: "127.0.0.1", port: 8081 }, "127.0.0.1")).toBe("loopback");
    expect(policy.judge({ host: "localhost", port: 8080 }, "127.0.0.1")).toBe("loopback");
    expect(policy.judge({ host: "intranet.example", port: 443 }, "192.168.0.1")).toBeNull();
    expect(policy.judge({ host: "INTRANET.example.", port: 443 }, "192.168.0.1")).toBeNull();
    expect(policy.judge({ host: "sub.intranet.example", port: 443 }, "192.168.0.1")).toBe("private");
    expect(policy.judge({ host: "::1", port: 80 }, "::1")).toBeNull();
  });
});

test.each([
  ["*.internal.example", "a.internal.example", 443, null],
  ["*.internal.example", "a.b.INTERNAL.example.", 80, null],
  ["*.internal.example", "internal.example", 443, "private"],
  ["*.internal.example", "notinternal.example", 443, "private"],
  ["*.internal.example:443", "a.internal.example", 80, "private"],
  ["internal.example", "internal.example", 8443, null],
  ["10.0.0.0/8:443", "x.example", 443, null],
  ["10.0.0.0/8:443", "x.example", 80, "private"],
  ["10.1.2.3", "10.1.2.3", 80, null],
  ["10.1.2.3", "x.example", 80, "private"],
  ["*", "x.example", 80, null],
  ["*:80", "x.example", 81, "private"],
])("allow %s: %s on %i at 10.1.2.3 is %s", (rule, host, port, verdict) => {
  expect(createAddressPolicy(parseEgressRules(rule)).judge({ host, port }, "10.1.2.3")).toBe(verdict);
});

test.each([
  ["8.8.0.0/16", "8.8.8.8", "denied"],
  ["8.8.0.0/16", "64:ff9b::8.8.8.8", "denied"],
  ["8.8.0.0/16", "9.9.9.9", null],
  ["8.8.8.8", "8.8.8.8", "denied"],
  ["8.8.8.8:443", "8.8.8.8", "denied"],
  ["8.8.8.8:80", "8.8.8.8", null],
  ["2606:4700::/32", "2606:4700::1111", "denied"],
  ["[2606:4700::1111]:443", "2606:4700::1111", "denied"],
  ["service.example", "8.8.8.8", "denied"],
  ["*.example", "8.8.8.8", "denied"],
  ["*.service.example", "8.8.8.8", null],
  ["*:443", "8.8.8.8", "denied"],
  ["*:25", "8.8.8.8", null],
])("deny %s: service.example:443 at %s is %s", (rule, address, verdict) => {
  expect(createAddressPolicy([], parseEgressRules(rule)).judge(target, address)).toBe(verdict);
});

test("what is allowed and denied is denied, however it was allowed", () => {
  const rules = parseEgressRules;
  expect(createAddressPolicy(rules("service.example"), rules("10.0.0.0/8")).judge(target, "10.0.0.1")).toBe("denied");
  expect(createAddressPolicy(rules("10.0.0.0/8"), rules("*.example:443")).judge(target, "10.0.0.1")).toBe("denied");
  expect(createAddressPolicy(rules("*"), rules("169.254.169.254")).judge(target, "::ffff:a9fe:a9fe")).toBe("denied");
  expect(createAddressPolicy(rules("*"), rules("169.254.0.0/16")).judge(target, "10.0.0.1")).toBeNull();
});
