/** Rules about where jobs may go, as an operator writes them: networks and hosts, each with a port or for all ports. */

interface OnPort {
  /** 1–65,535; null: every port. */
  readonly port: number | null;
}

/** Every address of a network: `10.0.0.0/8`, `10.0.0.0/8:443`, `fd00::/8`, `[fd00::/8]:443`. */
export interface NetworkRule extends OnPort {
  readonly kind: "network";
  /** An IP address, without brackets. */
  readonly address: string;
  /** 0–32 for IPv4, 0–128 for IPv6. */
  readonly prefixLength: number;
}

/** One host as URLs name it: `127.0.0.1:8080`, `intranet.example`, `[::1]:8080`. */
export interface HostRule extends OnPort {
  readonly kind: "host";
  /** As the WHATWG URL parser spells it, without brackets and without a trailing dot. */
  readonly host: string;
}

/** Every name below a domain, at whatever depth, and not the domain itself: `*.example.com`, `*.example.com:443`. */
export interface SubdomainRule extends OnPort {
  readonly kind: "subdomains";
  /** As in `HostRule`. */
  readonly domain: string;
}

/** Every host: `*`, `*:25`. */
export interface AnyHostRule extends OnPort {
  readonly kind: "any";
}

/** One rule of a list. */
export type EgressRule = NetworkRule | HostRule | SubdomainRule | AnyHostRule;

/**
 * Reads a list of rules, separated by commas; blank means none.
 *
 * @throws Error with a sentence for each entry that is not understood, which says what to write instead.
 */
export function parseEgressRules(text: string): EgressRule[] {
  const faults: string[] = [];
  const rules = text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .flatMap((entry) => {
      try {
        return [parseRule(entry)];
      } catch (error) {
        faults.push(error instanceof Error ? error.message : String(error));
        return [];
      }
    });
  if (faults.length > 0) throw new Error(faults.join("; "));
  return rules;
}

/** A host as it is compared: lower case, without brackets, without the dot that marks a name as complete. */
export function comparableHost(hostname: string): string {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return (bare.endsWith(".") ? bare.slice(0, -1) : bare).toLowerCase();
}

/** Something, and perhaps a port behind it; what holds colons itself stands in brackets before a port. */
const withPort = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::(\d{1,6}))?$/;

function parseRule(entry: string): EgressRule {
  const scheme = entry.indexOf("://");
  if (scheme >= 0) throw refused(entry, `leave out ${JSON.stringify(entry.slice(0, scheme + 3))}`);
  // Without brackets and port an IPv6 address or network is clear enough.
  if (isIPv6(entry.split("/", 1)[0] ?? "")) return parseBare(entry, entry, true, null);
  const match = withPort.exec(entry);
  const [, bracketed, plain, port] = match ?? [];
  const bare = bracketed ?? plain;
  if (bare === undefined) {
    throw refused(
      entry,
      "write a network as in 10.0.0.0/8, or a host as in intranet.example, *.example.com or [::1], each with a port behind a colon or without",
    );
  }
  return parseBare(entry, bare, bracketed !== undefined, port === undefined ? null : parsePort(entry, port));
}

function parseBare(entry: string, bare: string, isV6: boolean, port: number | null): EgressRule {
  if (bare.includes("/")) return { ...parseNetwork(entry, bare), port };
  if (bare === "*") return { kind: "any", port };
  if (bare.startsWith("*.")) return { kind: "subdomains", domain: parseHost(entry, bare.slice(2)), port };
  return { kind: "host", host: parseHost(entry, isV6 ? `[${bare}]` : bare), port };
}

function parseNetwork(entry: string, text: string): Omit<NetworkRule, "port"> {
  const [address, length, ...rest] = text.split("/");
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
    throw refused(entry, "a * stands for all names below a domain, and only at the beginning, as in *.example.com");
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
