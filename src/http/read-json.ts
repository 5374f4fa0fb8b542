/** Reads a body as JSON, and refuses what cannot be stored or would stall a reader. */
import { ApiError, type FieldError, invalid } from "../model/api-errors.ts";
import { escapePointer } from "../model/field-errors.ts";

/** RFC 8259, section 9, lets a parser limit the depth of nesting. */
const deepest = 64;

/** A whole number of fewer digits, without an exponent, is always within a double's range. */
const manyDigits = 300;

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads the JSON of a body, and refuses what could not be stored or would be read differently elsewhere.
 *
 * @returns the value, or undefined for an empty body
 * @throws ApiError MALFORMED_JSON (not UTF-8, not JSON), VALIDATION_FAILED with pointers (too deep, U+0000, lone
 *   surrogates, `__proto__`, numbers beyond what a double holds)
 */
export function readJson(body: Buffer): unknown {
  const text = decode(body);
  if (text.trim() === "") return undefined;
  const { mayOverflow } = scan(text);
  const value = parse(text);
  // Only an escape can bring in U+0000 or half a surrogate pair, or hide the name.
  if (mayOverflow || text.includes("\\u") || text.includes("__proto__")) {
    const errors: FieldError[] = [];
    collectUnstorable(value, "", errors);
    if (errors.length > 0) throw invalid(errors);
  }
  return value;
}

function decode(body: Buffer): string {
  try {
    return decoder.decode(body);
  } catch (cause) {
    throw malformed("The body is not UTF-8.", cause);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw malformed(`The body is not JSON: ${reason}`, cause);
  }
}

function malformed(detail: string, cause: unknown): ApiError {
  return new ApiError("MALFORMED_JSON", detail, { errors: [{ path: "", message: detail }], cause });
}

/**
 * Counts brackets outside strings, before anything recursive sees the text, and looks for numbers that may be too large.
 *
 * @throws ApiError VALIDATION_FAILED for a body that nests too deep
 */
function scan(text: string): { mayOverflow: boolean } {
  let depth = 0;
  let digits = 0;
  let inString = false;
  let mayOverflow = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    const isDigit = character >= 0x30 && character <= 0x39;
    const isExponent = digits > 0 && (character === 0x65 || character === 0x45);
    digits = isDigit && !inString ? digits + 1 : 0;
    if (isExponent || digits > manyDigits) mayOverflow = true;
    if (inString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) inString = false;
    } else if (character === 0x22) {
      inString = true;
    } else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      if (depth > deepest)
        throw invalid([{ path: "", message: `the body nests deeper than ${deepest}; make it flatter` }]);
    } else if (character === 0x7d || character === 0x5d) {
      depth -= 1;
    }
  }
  return { mayOverflow };
}

function collectUnstorable(value: unknown, path: string, errors: FieldError[]): void {
  if (errors.length >= 20) return;
  if (typeof value === "string") {
    const fault = faultOf(value);
    if (fault) errors.push({ path, message: fault });
  } else if (typeof value === "number") {
    if (!Number.isFinite(value)) errors.push({ path, message: "is a number beyond what can be kept; send it as text" });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) collectUnstorable(item, `${path}/${index}`, errors);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, item] of Object.entries(value)) {
      const below = `${path}/${escapePointer(name.toWellFormed())}`;
      const fault = name === "__proto__" ? "is not allowed as a name" : faultOf(name);
      if (fault) errors.push({ path: below, message: fault });
      else collectUnstorable(item, below, errors);
    }
  }
}

function faultOf(text: string): string | undefined {
  if (text.includes("\u0000")) return "holds U+0000, which cannot be stored; remove it";
  if (!text.isWellFormed()) return "holds half a surrogate pair, which is not Unicode text; send the whole character";
  return undefined;
}
