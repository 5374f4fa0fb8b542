/** Exceptions to the rule that jobs reach public addresses only, as an operator writes them. */

/** Every address of a network, on every port: `10.0.0.0/8`. */
export interface AllowedNetwork {
  readonly kind: "network";
  /** An IP address, without brackets. */
  readonly address: string;
  /** 0–32 for IPv4, 0–128 for IPv6. */
  readonly prefixLength: number;
}

/** One host as URLs name it, on one port: `127.0.0.1:8080`, `intranet.example:443`, `[::1]:8080`. */
export interface AllowedHost {
  readonly kind: "host";
  /** As the WHATWG URL parser spells it, without brackets and without a trailing dot. */
  readonly host: string;
  /** 1–65,535. */
  readonly port: number;
}

/** One exception: a whole network, or a single host and port. */
export type EgressAllow = AllowedNetwork | AllowedHost;

/**
 * Reads the value of `PUNCTUAL_EGRESS_ALLOW`: networks and hosts, separated by commas; blank means none.
 *
 * @throws Error with a sentence that names the entry and what to write instead.
 */
export function parseEgressAllow(text: string): EgressAllow[] {
  return text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map(parseEntry);
}

/** A host as it is compared: lower case, without brackets, without the dot that marks a name as complete. */
export function comparableHost(hostname: string): string {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return (bare.endsWith(".") ? bare.slice(0, -1) : bare).toLowerCase();
}

function parseEntry(entry: string): EgressAllow {
  if (entry.includes("://"))
    throw refused(entry, `leave out ${JSON.stringify(entry.slice(0, entry.indexOf("://") + 3))}`);
  if (entry.includes("/")) return parseNetwork(entry);

  const match = /^(\[[^[\]]+\]|[^:[\]]+):(\d{1,5})$/.exec(entry);
  const [, host, port] = match ?? [];
  if (host === undefined || port === undefined) throw refused(entry, hintWithoutPort(entry));
  return { kind: "host", host: parseHost(entry, host), port: parsePort(entry, port) };
}

function parseNetwork(entry: string): AllowedNetwork {
  const [address, length, ...rest] = entry.split("/");
  if (address === undefined || length === undefined || rest.length > 0 || !/^\d{1,3}$/.test(length)) {
    throw refused(entry, "a network is an address and a prefix length, as in 10.0.0.0/8 or fd00::/8");
  }
  const bits = isIPv4(address) ? 32 : isIPv6(address) ? 128 : undefined;
  if (bits === undefined) throw refused(entry, `${JSON.stringify(address)} is not an IPv4 or IPv6 address`);
  const prefixLength = Number(length);
  if (prefixLength > bits) throw refused(entry, `the prefix length of such an address is 0–${bits}`);
  return { kind: "network", address, prefixLength };
}

function parseHost(entry: string, host: string): string {
  if (host.includes("*"))
    throw refused(entry, "wildcards are not known here; name each host, or the network behind them");
  // What the URL parser would take for a path, a query, credentials or an escape is no host.
  if (/[\s@?#\\%]/.test(host) || !URL.canParse(`http://${host}/`)) {
    throw refused(entry, `${JSON.stringify(host)} is not a host name or address`);
  }
  return comparableHost(new URL(`http://${host}/`).hostname);
}

function parsePort(entry: string, text: string): number {
  const port = Number(text);
  if (port < 1 || port > 65_535) throw refused(entry, "a port is 1–65535");
  return port;
}

function hintWithoutPort(entry: string): string {
  if (isIPv4(entry)) return `write ${entry}/32 for all its ports, or ${entry}:443 for one`;
  if (isIPv6(entry)) return `write ${entry}/128 for all its ports, or [${entry}]:443 for one`;
  return "write a network as in 10.0.0.0/8, or a host with its port as in intranet.example:443 or [::1]:8080";
}

function isIPv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIPv6(text: string): boolean {
  return /^[0-9a-f:.]+$/i.test(text) && text.includes(":") && URL.canParse(`http://[${text}]/`);
}

function refused(entry: string, hint: string): Error {
  return new Error(`the entry ${JSON.stringify(entry)} is not understood: ${hint}`);
}
