/**
 * Which addresses jobs may reach: public ones, and those that the operator allowed.
 *
 * The rule is what is public, not what is private: a range that nobody thought of is refused.
 */
import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { comparableHost, type EgressAllow } from "../model/egress-allow.ts";

/** Where a URL leads: its host, without brackets, and its port. */
export interface Target {
  readonly host: string;
  /** 1–65,535. */
  readonly port: number;
}

/**
 * Judges an address before it is connected to.
 *
 * @returns `null` where a connection to `address` on behalf of `target` is allowed, else what kind of address it is.
 */
export type AddressPolicy = (target: Target, address: string) => string | null;

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Makes the policy; the exceptions are read once. */
export function createAddressPolicy(allow: readonly EgressAllow[]): AddressPolicy {
  const hosts = new Set(allow.flatMap((entry) => (entry.kind === "host" ? [`${entry.host} ${entry.port}`] : [])));
  const networks = allow.flatMap((entry): [Address, number][] =>
    entry.kind === "network" ? [[parseNetwork(entry.address), entry.prefixLength]] : [],
  );

  return function judge(target, address) {
    if (hosts.has(`${comparableHost(target.host)} ${target.port}`)) return null;
    // A zone (`fe80::1%eth0`) picks an interface of this machine: always local. No parser sees it after this.
    if (address.includes("%")) return "link-local";
    const parsed = parse(address);
    if (!parsed) return "malformed";
    const reached = mappedIPv4(parsed) ?? parsed;
    if (networks.some(([network, bits]) => contains(network, bits, parsed) || contains(network, bits, reached)))
      return null;
    return kindOfRefused(parsed);
  };
}

function parse(address: string): Address | null {
  if (isIPv4(address)) return ipaddr.IPv4.parse(address);
  if (!isIPv6(address)) return null;
  // ipaddr.js takes `::127.0.0.1` for the IPv4-mapped `::ffff:127.0.0.1`; the URL parser writes both without dots.
  return ipaddr.IPv6.parse(new URL(`http://[${address}]/`).hostname.slice(1, -1));
}

function parseNetwork(address: string): Address {
  const parsed = parse(address);
  if (!parsed) throw new Error(`${JSON.stringify(address)} is not an IP address`);
  return parsed;
}

function contains(network: Address, bits: number, address: Address): boolean {
  return network.kind() === address.kind() && address.match(network, bits);
}

/** What the system connects to when it is given an IPv4-mapped address (RFC 4291, section 2.5.5.2). */
function mappedIPv4(address: Address): ipaddr.IPv4 | null {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : null;
}

function kindOfRefused(address: Address): string | null {
  if (address instanceof ipaddr.IPv4) return kindOfRefusedIPv4(address);

  if (within(address, "64:ff9b::", 96)) {
    // A resolver on an IPv6-only network gives every IPv4 host such an address (RFC 6052, RFC 6147): it is as public
    // as the IPv4 address inside it.
    const inner = kindOfRefusedIPv4(new ipaddr.IPv4(address.toByteArray().slice(12)));
    return inner === null ? null : `NAT64 form of a ${inner}`;
  }
  // IANA gives out global unicast addresses from 2000::/3 alone (RFC 4291, section 2.4): everything else is special,
  // the deprecated IPv4-compatible ::a.b.c.d among it.
  if (!within(address, "2000::", 3)) return ipv6Names[address.range()] ?? "reserved";
  return address.range() === "unicast" ? null : (ipv6Names[address.range()] ?? "reserved");
}

function kindOfRefusedIPv4(address: ipaddr.IPv4): string | null {
  const range = address.range();
  return range === "unicast" ? null : (ipv4Names[range] ?? "reserved");
}

function within(address: ipaddr.IPv6, network: string, bits: number): boolean {
  return address.match(ipaddr.IPv6.parse(network), bits);
}

const ipv4Names: Readonly<Record<string, string>> = {
  unspecified: "unspecified",
  broadcast: "broadcast",
  multicast: "multicast",
  linkLocal: "link-local",
  loopback: "loopback",
  carrierGradeNat: "carrier-grade NAT",
  private: "private",
};

const ipv6Names: Readonly<Record<string, string>> = {
  unspecified: "unspecified",
  linkLocal: "link-local",
  multicast: "multicast",
  loopback: "loopback",
  uniqueLocal: "private (unique local)",
  ipv4Mapped: "IPv4-mapped",
  deprecatedSiteLocal: "site-local",
  rfc6052: "NAT64",
  "6to4": "6to4",
  teredo: "Teredo",
};
