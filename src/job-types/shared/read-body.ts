/** Reads the body of an answer, bounded, and makes of it what can be kept as JSON. */
import { isDeeperThan, JobError, type OutgoingResponse } from "../contract.ts";
import { cut } from "./cut.ts";

/** Levels of JSON that are taken apart: with what a result puts around them they stay below what a result may have. */
const deepestJson = 200;

/** A body as far as it was kept. */
export interface ReadBytes {
  readonly bytes: Buffer;
  /** Whether there was more. */
  readonly truncated: boolean;
}

/**
 * Reads up to `maxBytes` and gives up the rest; throws what the body throws.
 *
 * @param chunks gets each piece as it comes
 */
export async function readBytes(
  response: OutgoingResponse,
  maxBytes: number,
  chunks: Uint8Array[],
): Promise<ReadBytes> {
  let total = 0;
  for await (const chunk of response.body) {
    chunks.push(chunk);
    total += chunk.byteLength;
    if (total > maxBytes) break;
  }
  const [only] = chunks;
  const bytes = only && chunks.length === 1 ? Buffer.from(only.buffer, only.byteOffset, total) : Buffer.concat(chunks);
  return total > maxBytes ? { bytes: bytes.subarray(0, maxBytes), truncated: true } : { bytes, truncated: false };
}

/** A body in the form in which a result keeps it. */
export interface Body {
  /** Null where it was empty. */
  readonly body: unknown;
  readonly bodyEncoding: "json" | "text" | "base64" | "none";
  /** Whether `body` is only the beginning. */
  readonly truncated: boolean;
}

/** What a body is to be kept as; `auto` follows its Content-Type. */
export type ResponseType = "auto" | "json" | "text" | "base64";

/**
 * What a body is kept as.
 *
 * @throws JobError INVALID_RESPONSE where `responseType` is `json` or `text` and the body is not that.
 */
export function interpretBody(
  { bytes, truncated }: ReadBytes,
  contentType: string,
  responseType: ResponseType | undefined,
): Body {
  if (bytes.byteLength === 0) return { body: null, bodyEncoding: "none", truncated };
  switch (responseType ?? "auto") {
    case "base64":
      return { body: bytes.toString("base64"), bodyEncoding: "base64", truncated };
    case "text":
      return { body: requireText(bytes, truncated, contentType), bodyEncoding: "text", truncated };
    case "json":
      return asJson(bytes, truncated, contentType);
    default:
      return asItSays(bytes, truncated, contentType);
  }
}

/** `auto` does what it can: a body that does not hold what its Content-Type promises is kept in a plainer form. */
function asItSays(bytes: Buffer, truncated: boolean, contentType: string): Body {
  const media = mediaType(contentType);
  const text = media === "" || isTextual(media) ? decode(bytes, truncated, contentType, media === "") : null;
  if (text === null) return { body: bytes.toString("base64"), bodyEncoding: "base64", truncated };
  // What nests too deep for a result, or for whatever walks through it, is kept as the text that it is.
  if (isJson(media) && !truncated && !isDeeperThan(text, deepestJson)) {
    const parsed = parseJson(text);
    if (parsed) return { body: parsed.value, bodyEncoding: "json", truncated };
  }
  return { body: text, bodyEncoding: "text", truncated };
}

function asJson(bytes: Buffer, truncated: boolean, contentType: string): Body {
  const text = requireText(bytes, truncated, contentType);
  // The beginning of a JSON text is not JSON; that it is only the beginning was asked for.
  if (truncated) return { body: text, bodyEncoding: "text", truncated };
  if (isDeeperThan(text, deepestJson)) {
    throw new JobError(
      "INVALID_RESPONSE",
      `The answer nests deeper than ${deepestJson} levels, which is more than JSON is kept with; set responseType to "text" to keep it as it is.`,
      { details: { contentType, deepestJson } },
    );
  }
  const parsed = parseJson(text);
  if (parsed) return { body: parsed.value, bodyEncoding: "json", truncated };
  throw new JobError(
    "INVALID_RESPONSE",
    `The answer is not JSON although responseType is "json"; it begins with ${JSON.stringify(cut(text, 80))}.`,
    { details: { contentType, beginning: text.slice(0, 1_000) } },
  );
}

function requireText(bytes: Buffer, truncated: boolean, contentType: string): string {
  const text = decode(bytes, truncated, contentType, false);
  if (text !== null) return text;
  throw new JobError(
    "INVALID_RESPONSE",
    `The answer's charset ${JSON.stringify(charsetOf(contentType))} is not known here; set responseType to "base64" to keep its bytes.`,
    { details: { contentType } },
  );
}

/**
 * @param strict whether bytes that are not text make it no text, rather than U+FFFD
 * @returns `null` for what is no text, or of a charset that is not known
 */
function decode(bytes: Buffer, truncated: boolean, contentType: string, strict: boolean): string | null {
  const charset = charsetOf(contentType);
  // The usual case, at a fifth of what a TextDecoder costs.
  if (charset === "utf-8" && !strict && !truncated) return withoutByteOrderMark(bytes.toString("utf8"));
  try {
    // A stream that goes on keeps the first half of a character that was cut in two.
    return new TextDecoder(charset, { fatal: strict }).decode(bytes, { stream: truncated });
  } catch {
    return null;
  }
}

function withoutByteOrderMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function parseJson(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function mediaType(contentType: string): string {
  return (contentType.split(";", 1)[0] ?? "").trim().toLowerCase();
}

function charsetOf(contentType: string): string {
  if (!contentType.includes(";")) return "utf-8";
  return /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? "utf-8";
}

function isJson(media: string): boolean {
  return media === "application/json" || media === "text/json" || media.endsWith("+json");
}

function isTextual(media: string): boolean {
  return (
    media.startsWith("text/") ||
    isJson(media) ||
    media.endsWith("+xml") ||
    media.endsWith("+yaml") ||
    textual.has(media)
  );
}

const textual: ReadonlySet<string> = new Set([
  "application/ecmascript",
  "application/graphql",
  "application/javascript",
  "application/json-seq",
  "application/jsonl",
  "application/sql",
  "application/toml",
  "application/x-javascript",
  "application/x-jsonlines",
  "application/x-ndjson",
  "application/x-www-form-urlencoded",
  "application/x-yaml",
  "application/xml",
  "application/xml-dtd",
  "application/yaml",
]);

/** The media type of an answer as it was sent, parameters included; empty where there was none. */
export function contentTypeOf({ headers }: OutgoingResponse): string {
  const value = headers["content-type"];
  return typeof value === "string" ? value : "";
}
