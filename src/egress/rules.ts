/** Matches hosts and addresses against an operator's rules. */
import { isIPv4, isIPv6 } from "node:net";
import ipaddr from "ipaddr.js";
import { comparableHost, type EgressRule } from "../model/egress-rules.ts";

/** An address that has been read. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Rules, ready to be asked. */
export interface Rules {
  /** Whether a rule for hosts names it. */
  matchHost(target: { readonly host: string; readonly port: number }): boolean;
  /** Whether a rule for networks holds one of the addresses, on that port. */
  matchAddress(port: number, addresses: readonly Address[]): boolean;
}

/** Reads the rules once. */
export function createRules(rules: readonly EgressRule[]): Rules {
  const networks = rules.flatMap((rule) =>
    rule.kind === "network" ? [{ network: parseNetwork(rule.address), bits: rule.prefixLength, port: rule.port }] : [],
  );
  const hosts = rules.filter((rule) => rule.kind !== "network");

  return {
    matchHost({ host, port }) {
      if (hosts.length === 0) return false;
      const name = comparableHost(host);
      return hosts.some((rule) => {
        if (rule.port !== null && rule.port !== port) return false;
        if (rule.kind === "any") return true;
        return rule.kind === "host" ? name === rule.host : name.endsWith(`.${rule.domain}`);
      });
    },
    matchAddress: (port, addresses) =>
      networks.some(
        (rule) =>
          (rule.port === null || rule.port === port) &&
          addresses.some((address) => rule.network.kind() === address.kind() && address.match(rule.network, rule.bits)),
      ),
  };
}

/** Reads an address without a zone; `null` where it is none. */
export function parseAddress(address: string): Address | null {
  if (isIPv4(address)) return ipaddr.IPv4.parse(address);
  if (!isIPv6(address)) return null;
  // ipaddr.js takes `::127.0.0.1` for the IPv4-mapped `::ffff:127.0.0.1`; the URL parser writes both without dots.
  return ipaddr.IPv6.parse(new URL(`http://[${address}]/`).hostname.slice(1, -1));
}

function parseNetwork(address: string): Address {
  const parsed = parseAddress(address);
  if (!parsed) throw new Error(`${JSON.stringify(address)} is not an IP address`);
  return parsed;
}
