/**
 * JSON as PostgreSQL and every reader can hold it: without U+0000 and without lone surrogates.
 *
 * In what customers send either is refused; in results and errors they become U+FFFD.
 */

/**
 * Writes a value as storable JSON text.
 *
 * @param watch sees each value before it is written, as `JSON.stringify` asks, and may throw
 * @throws TypeError for what JSON cannot say: a cycle, a BigInt; what `watch` throws
 */
export function storableJson(value: unknown, watch?: (key: string, value: unknown) => unknown): string {
  const text = JSON.stringify(value, watch) ?? "null";
  // JSON.stringify writes both as escapes (well-formed JSON.stringify, ECMAScript 2019), so most texts need no second look.
  if (!text.includes("\\u") || !/\\u(?:0000|d[89a-f])/.test(text)) return text;
  return JSON.stringify(JSON.parse(text, reviveStorable)) ?? "null";
}

/** The same for a plain text. */
export function storableText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed();
  return whole.includes("\u0000") ? whole.replaceAll("\u0000", "\ufffd") : whole;
}

function reviveStorable(_key: string, value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [storableText(key), one]));
}
