/** What a text says once its escapes are undone, with the way back to where each character came from. */

/** A text that was made of another. */
export interface View {
  readonly text: string;
  /** Where in the first text each character begins; one entry more, for the end. */
  readonly at: Int32Array;
}

/** Up to here, in characters, what was undone is undone once more: JSON in JSON, JSON in base64. */
const longestNested = 262_144;

/** One character of UTF-8, percent-encoded (RFC 3986, section 2.1). */
const percent =
  /%(?:[0-7][0-9a-f]|[cd][0-9a-f]%[89ab][0-9a-f]|e[0-9a-f](?:%[89ab][0-9a-f]){2}|f[0-7](?:%[89ab][0-9a-f]){3})|\+/gi;
/** RFC 8259, section 7. */
const json = /\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])/g;
/** Numeric character references, and the names that escaping functions use. */
const html = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|amp|lt|gt|quot|apos|nbsp);/gi;

/** A quote between the quotes of a POSIX shell. */
const shell = /'(?:\\'|"'")'/g;

/** What may be base64 in either alphabet (RFC 4648, sections 4 and 5), and is long enough to be worth a look. */
const base64 = /[A-Za-z0-9+/_-]{20,}/g;

const jsonLetters: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const htmlNames: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: "\u00a0",
};

/**
 * The text as it reads with its URL, form, JSON, HTML or shell escapes undone, or its base64, one view for each kind that it has any
 * of; those of a text up to 256 Ki characters also twice.
 */
export function decodedViews(text: string): View[] {
  const once = decodeOnce(text);
  if (text.length > longestNested) return once;
  return once.flatMap((view) => [view, ...decodeOnce(view.text).map((inner) => composed(view, inner))]);
}

function decodeOnce(text: string): View[] {
  const views: (View | undefined)[] = [];
  if (text.includes("%")) views.push(undo(text, percent, decodePercent));
  // In a form a blank is a plus; elsewhere a plus is itself.
  if (text.includes("+"))
    views.push(undo(text, percent, (escaped) => (escaped === "+" ? " " : decodePercent(escaped))));
  if (text.includes("\\")) views.push(undo(text, json, decodeJson));
  if (text.includes("&")) views.push(undo(text, html, decodeHtml));
  if (text.includes("'")) views.push(undo(text, shell, () => "'"));
  views.push(undo(text, base64, decodeBase64));
  return views.filter((view) => view !== undefined);
}

/** What an escape stands for, with where in it each character begins; at its start unless said. */
interface Piece {
  readonly text: string;
  readonly places?: Int32Array;
}

/** @param decode to no more than the escape's length; undefined where it stands for nothing. @returns undefined where nothing was undone */
function undo(
  text: string,
  pattern: RegExp,
  decode: (escaped: string) => Piece | string | undefined,
): View | undefined {
  const at = new Int32Array(text.length + 1);
  const parts: string[] = [];
  let length = 0;
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const piece = decode(match[0]);
    if (piece === undefined) continue;
    const { text: decoded, places }: Piece = typeof piece === "string" ? { text: piece } : piece;
    parts.push(text.slice(from, match.index), decoded);
    for (let index = from; index < match.index; index += 1) at[length++] = index;
    for (let index = 0; index < decoded.length; index += 1) at[length++] = match.index + (places?.[index] ?? 0);
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return undefined;
  parts.push(text.slice(from));
  for (let index = from; index <= text.length; index += 1) at[length++] = index;
  return { text: parts.join(""), at: at.subarray(0, length) };
}

function composed(outer: View, inner: View): View {
  return { text: inner.text, at: inner.at.map((index) => outer.at[index] ?? 0) };
}

function decodePercent(encoded: string): string | undefined {
  try {
    return encoded === "+" ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

function decodeJson(escaped: string): string {
  const letter = escaped.charAt(1);
  if (letter === "u") return String.fromCharCode(Number.parseInt(escaped.slice(2), 16));
  return jsonLetters[letter] ?? letter;
}

function decodeHtml(reference: string): string | undefined {
  const name = reference.slice(1, -1).toLowerCase();
  if (!name.startsWith("#")) return htmlNames[name];
  const code = name.startsWith("#x") ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

/** As UTF-8 where it is that, and byte by byte where it is not, so that each character's place can be told. */
function decodeBase64(encoded: string): Piece {
  const bytes = Buffer.from(encoded, "base64");
  const asText = bytes.toString();
  const isText = !asText.includes("\ufffd");
  const text = isText ? asText : bytes.toString("latin1");
  const places = new Int32Array(text.length);
  let before = 0;
  for (let index = 0; index < text.length; index += 1) {
    places[index] = Math.floor((before * 4) / 3);
    before += isText ? bytesOf(text.charCodeAt(index)) : 1;
  }
  return { text, places };
}

/** Bytes of UTF-8 that a code unit takes; half a surrogate pair half of four. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
}
