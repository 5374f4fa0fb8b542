/** Reads the Link header of an answer. */

/** One link: an address, then params up to a comma (RFC 8288, section 3). */
const link = /<([^<>]*)>((?:\s*;\s*[^\s=;,<>]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;<>]*))?)*)/g;
const relation = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))/i;

/** Characters of a header that are looked at. */
const longest = 16_384;

/** The address of the first link to the next page; undefined where there is none. */
export function nextLink(header: string | string[] | undefined): string | undefined {
  const text = (Array.isArray(header) ? header.join(", ") : (header ?? "")).slice(0, longest);
  for (const [, address, params = ""] of text.matchAll(link)) {
    const [, quoted, plain] = relation.exec(params) ?? [];
    const relations = (quoted ?? plain ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return address;
  }
  return undefined;
}
