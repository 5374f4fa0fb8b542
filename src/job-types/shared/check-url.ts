/** The rules for addresses to call. */
import type { Fault, IsOpen } from "./fault.ts";

const anyReference = /\{\{\s*(?:secrets\.[^{}]+|job\.[^{}]+|timestamp|date)\s*\}\}/g;
const leadingReference = /^\s*\{\{[^{}]*\}\}/;

/** A host that nothing else has: where it turns up again after parsing, a reference stood. */
const stand = "reference-9f2c41.invalid";

/** What an address may begin with. */
type Protocols = readonly [protocol: `${string}:`, ...`${string}:`[]];

const web: Protocols = ["http:", "https:"];

/** What is wrong with an address, once nothing is left to be filled in; before, with what of it will not change. */
export function checkUrl(text: string, path: string, isOpen: IsOpen, protocols = web): Fault[] {
  return isOpen(text) ? checkReferences(text, path, protocols) : checkWhole(text, path, protocols);
}

function checkWhole(text: string, path: string, protocols: Protocols): Fault[] {
  const url = parsed(text);
  if (!url) return [{ path, message: "is not a URL; write it in full, as in https://api.example.com/orders" }];
  if (!protocols.some((protocol) => protocol === url.protocol)) {
    const known = `${protocols.slice(0, -1).join(", ")} and ${protocols.at(-1)}`;
    return [{ path, message: `begins with ${url.protocol}; only ${known} addresses can be called` }];
  }
  if (url.username !== "" || url.password !== "") {
    return [{ path, message: "holds credentials; take them out and send them with auth" }];
  }
  return [];
}

/** Once: a URL that is wrong is seldom, and looking first costs as much as parsing. */
function parsed(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/**
 * A reference may stand for the beginning of an address with all of its host (a webhook's address is often a secret as a whole),
 * or for what comes after the host. It may not be a part of the host: a look-up would tell the DNS servers of a
 * stranger what the secret is.
 */
function checkReferences(text: string, path: string, protocols: Protocols): Fault[] {
  const leads = leadingReference.test(text);
  const standing = (leads ? text.replace(leadingReference, `https://${stand}`) : text).replaceAll(anyReference, stand);
  const url = parsed(standing);
  if (!url) return checkWhole(standing, path, protocols);
  const { hostname, username, password, port } = url;
  const rest = leads && hostname === stand ? "" : hostname;
  if (
    ![rest, username, password, port].some((part) => part.toLowerCase().includes(stand)) &&
    (!leads || hostname === stand)
  ) {
    return leads ? [] : checkWhole(standing, path, protocols);
  }
  return [
    {
      path,
      message:
        "has a reference in its host, which a look-up would give away; write the host out, or keep the whole address, from https:// to the end of the host, in one secret",
    },
  ];
}
