/**
 * Which addresses jobs may reach: public ones, and those that the operator allowed; never those that the operator denied.
 *
 * The rule is what is public, not what is private: a range that nobody thought of is refused.
 */
import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import type { EgressRule } from "../model/egress-rules.ts";
import { type Address, createRules, parseAddress } from "./rules.ts";

/** Where a URL leads: its host, without brackets, and its port. */
export interface Target {
  readonly host: string;
  /** 1–65,535. */
  readonly port: number;
}

/** Judges where a job may go. */
export interface AddressPolicy {
  /**
   * Judges an address before it is connected to.
   *
   * @returns `null` where a connection to `address` on behalf of `target` is allowed, else what kind of address it is:
   *   `denied` where a rule of the operator's denies it.
   */
  judge(target: Target, address: string): string | null;
  /** Whether `target` is allowed whatever its address, so that somebody else may look it up. */
  allowsByName(target: Target): boolean;
}

/** What `judge` answers for what the operator denied. */
export const denied = "denied";

/** Makes the policy; the rules are read once. What is both allowed and denied is denied. */
export function createAddressPolicy(allow: readonly EgressRule[], deny: readonly EgressRule[] = []): AddressPolicy {
  const allowed = createRules(allow);
  const refused = createRules(deny);
  // An address literal allows the URL that names it so; denied is wherever it is reached, whatever name leads there.
  const refusedAddresses = createRules(
    deny.flatMap((rule): EgressRule[] =>
      rule.kind === "host" && (isIPv4(rule.host) || isIPv6(rule.host))
        ? [{ kind: "network", address: rule.host, prefixLength: isIPv4(rule.host) ? 32 : 128, port: rule.port }]
        : [],
    ),
  );

  return {
    judge(target, address) {
      if (refused.matchHost(target)) return denied;
      // A zone (`fe80::1%eth0`) picks an interface of this machine: always local. No parser sees it after this.
      const zoned = address.includes("%");
      const parsed = parseAddress(zoned ? (address.split("%", 1)[0] ?? "") : address);
      const reached = parsed === null ? [] : addressesIn(parsed);
      if ([refused, refusedAddresses].some((rules) => rules.matchAddress(target.port, reached))) return denied;
      if (allowed.matchHost(target)) return null;
      if (zoned) return "link-local";
      if (parsed === null) return "malformed";
      const mapped = mappedIPv4(parsed);
      if (allowed.matchAddress(target.port, mapped ? [parsed, mapped] : [parsed])) return null;
      return kindOfRefused(parsed);
    },
    allowsByName: (target) => allowed.matchHost(target) && !refused.matchHost(target),
  };
}

function kindOfRefused(address: Address): string | null {
  if (address instanceof ipaddr.IPv4) return kindOfRefusedIPv4(address);

  if (isNat64(address)) {
    // A resolver on an IPv6-only network gives every IPv4 host such an address (RFC 6052, RFC 6147): it is as public
    // as the IPv4 address inside it.
    const inner = kindOfRefusedIPv4(lastFour(address));
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

/** The address, and those of other families that are reached through it. */
function addressesIn(address: Address): Address[] {
  const mapped = mappedIPv4(address);
  if (mapped) return [address, mapped];
  return address instanceof ipaddr.IPv6 && isNat64(address) ? [address, lastFour(address)] : [address];
}

/** What the system connects to when it is given an IPv4-mapped address (RFC 4291, section 2.5.5.2). */
function mappedIPv4(address: Address): ipaddr.IPv4 | null {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : null;
}

function isNat64(address: ipaddr.IPv6): boolean {
  return within(address, "64:ff9b::", 96);
}

function lastFour(address: ipaddr.IPv6): ipaddr.IPv4 {
  return new ipaddr.IPv4(address.toByteArray().slice(12));
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
