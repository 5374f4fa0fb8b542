import { describe, expect, test } from "vitest";
import { parseEgressAllow } from "../model/egress-allow.ts";
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
  expect(strict(target, address)).toBeNull();
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
  expect(strict(target, address)).toBe(kind);
});

describe("with exceptions", () => {
  const policy = createAddressPolicy(
    parseEgressAllow("10.0.0.0/8,fd00::/8,127.0.0.1:8080,intranet.example:443,[::1]:80"),
  );

  test("a network allows its addresses under every name and port", () => {
    expect(policy(target, "10.1.2.3")).toBeNull();
    expect(policy(target, "::ffff:10.1.2.3")).toBeNull();
    expect(policy(target, "fd00::5")).toBeNull();
    expect(policy(target, "11.0.0.1")).toBeNull();
    expect(policy(target, "192.168.0.1")).toBe("private");
    expect(policy(target, "fc00::1")).toBe("private (unique local)");
  });

  test("a host allows exactly that host and port, whatever its address", () => {
    expect(policy({ host: "127.0.0.1", port: 8080 }, "127.0.0.1")).toBeNull();
    expect(policy({ host: "127.0.0.1", port: 8081 }, "127.0.0.1")).toBe("loopback");
    expect(policy({ host: "localhost", port: 8080 }, "127.0.0.1")).toBe("loopback");
    expect(policy({ host: "intranet.example", port: 443 }, "192.168.0.1")).toBeNull();
    expect(policy({ host: "INTRANET.example.", port: 443 }, "192.168.0.1")).toBeNull();
    expect(policy({ host: "sub.intranet.example", port: 443 }, "192.168.0.1")).toBe("private");
    expect(policy({ host: "::1", port: 80 }, "::1")).toBeNull();
  });
});
