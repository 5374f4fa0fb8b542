/** The shapes in which a secret's value may lie in a text, apart from escapes, which `decoded-views.ts` undoes. */

/** One shape. */
export interface SecretForm {
  readonly text: string;
  /** Characters around it that carry bits of the value too: base64 packs three bytes into four characters. */
  readonly fringe: "none" | "left" | "right" | "both";
}

/** Characters below which a value is too short to be told from ordinary text: it is hidden only where it is all of a text. */
export const shortestHidden = 4;

/** A line of a value of several lines is hidden on its own from this length on: logs tell a PEM file line by line. */
const shortestLine = 16;
/** The same for the texts inside a value that is JSON. */
const shortestLeaf = 8;
const mostParts = 1_000;

/** What is to be hidden of a value: itself, and its parts that may come apart from it. */
export function partsOfSecret(value: string): string[] {
  const lines = value.split(/\r\n|\r|\n/);
  const parts = [value, value.trim()];
  if (lines.length > 1) {
    parts.push(lines.join("\n"), lines.join("\r\n"));
    for (const line of lines.slice(0, mostParts)) if (line.trim().length >= shortestLine) parts.push(line.trim());
  }
  // As a server reads it that it came to without escapes, in a query or a form.
  if (/[+%]/.test(value)) parts.push(decodedQuery(value.replaceAll("+", " ")), decodedQuery(value));
  parts.push(...leavesOf(value), ...partsOfAddress(value));
  return [...new Set(parts)].filter((part) => part !== "");
}

function decodedQuery(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The shapes of one part. */
export function formsOf(part: string): SecretForm[] {
  const plain: SecretForm = { text: part, fringe: "none" };
  const bytes = Buffer.from(part);
  const encoded = [0, 1, 2].flatMap((before) => base64Forms(bytes, before));
  return [plain, ...encoded].filter(({ text }) => text.length >= shortestHidden);
}

/**
 * The characters of base64 that are the value's alone where `before` bytes (modulo 3) stand in front of it, in both alphabets
 * (RFC 4648, sections 4 and 5).
 */
function base64Forms(bytes: Buffer, before: number): SecretForm[] {
  const whole = Buffer.concat([Buffer.alloc(before), bytes]);
  const isExact = whole.length % 3 === 0;
  const encoded = whole.toString("base64").replace(/=+$/, "");
  const left = [0, 2, 3][before] ?? 0;
  const text = encoded.slice(left, isExact ? undefined : -1);
  const sides = { left: before > 0, right: !isExact };
  const fringe = sides.left && sides.right ? "both" : sides.left ? "left" : sides.right ? "right" : "none";
  const url = text.replaceAll("+", "-").replaceAll("/", "_");
  return url === text
    ? [{ text, fringe }]
    : [
        { text, fringe },
        { text: url, fringe },
      ];
}

/** An address shows as the URL parser spells it, and servers tell of its path and query alone. */
function partsOfAddress(value: string): string[] {
  const url = /^\s*https?:/i.test(value) ? URL.parse(value) : null;
  if (!url) return [];
  const { origin, pathname, search, searchParams } = url;
  const target = pathname + search;
  if (target === "/") return [url.href];
  const segments = pathname.split("/").filter((segment) => segment.length >= shortestLine);
  const parts = [target, pathname, ...segments, ...searchParams.values()].filter((part) => part.length >= shortestLeaf);
  return [url.href, origin + pathname, ...parts];
}

/** The longer texts of a value that is a JSON object or array, such as a service account: an echo may come back as JSON. */
function leavesOf(value: string): string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  const leaves: string[] = [];
  function collect(one: unknown): void {
    if (leaves.length >= mostParts) return;
    if (typeof one === "string" && one.length >= shortestLeaf) leaves.push(one);
    if (typeof one === "object" && one !== null) for (const part of Object.values(one)) collect(part);
  }
  try {
    collect(JSON.parse(value));
  } catch {
    return [];
  }
  return leaves;
}
