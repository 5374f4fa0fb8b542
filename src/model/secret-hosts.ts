/** The hosts that a secret is bound to: `api.example.com`, `*.example.com`, `10.0.0.7`, `[::1]`, each with `:port` or without. */

/** Characters of one entry: the longest name, a port and brackets. */
export const longestSecretHost = 262;

/**
 * The entry as it is stored and compared: the host as the WHATWG URL parser spells it.
 *
 * @returns undefined where it names no host
 */
export function parseSecretHost(text: string): string | undefined {
  const [, wildcard = "", host = "", port] = /^(\*\.)?([^*@/\\?#\s]*?[^*@/\\?#\s:])(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return undefined;
  const url = URL.parse(`http://${host}/`);
  // A port that hides in what was taken for the host (an IPv6 address without brackets) is no host.
  if (!url || host === "" || url.port !== "" || url.hostname === "") return undefined;
  const name = url.hostname.replace(/\.$/, "");
  if (name.length > 253 || name.split(".").some((label) => label === "" || label.length > 63)) return undefined;
  if (wildcard !== "" && /^\[|^[\d.]+$/.test(name)) return undefined;
  return `${wildcard}${name}${port === undefined ? "" : `:${Number(port)}`}`;
}

const defaultPorts: Readonly<Record<string, string>> = { "https:": "443", "sftp:": "22" };

/** Whether a URL leads to one of the hosts. `*.example.com` means every name below it, not itself. */
export function isAmongHosts(hosts: readonly string[], url: URL): boolean {
  const name = url.hostname.replace(/\.$/, "");
  const port = url.port === "" ? (defaultPorts[url.protocol] ?? "80") : url.port;
  return hosts.some((entry) => {
    const [, host = "", only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (only !== undefined && only !== port) return false;
    return host.startsWith("*.") ? name.endsWith(host.slice(1)) && name.length > host.length - 1 : name === host;
  });
}
