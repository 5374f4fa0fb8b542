/** Values that are too large to be made into JSON at all. */

/**
 * Whether a value's JSON is surely longer than `most` characters, found out without making it: a gigabyte of JSON would hold
 * up the node, and might be more than it has memory for.
 *
 * It counts what is surely there and stops at the bound. What nests deeper than `deepest` is left to JSON.stringify, which
 * finds a cycle at once.
 */
export function outgrowsJson(value: unknown, most: number, deepest: number): boolean {
  let left = most;

  /** Answers false where it has seen enough. */
  function count(one: unknown, depth: number): boolean {
    left -= shortestJson(one);
    if (left < 0 || depth > deepest) return false;
    if (typeof one !== "object" || one === null || isWrittenOtherwise(one)) return true;
    if (Array.isArray(one)) return one.every((part) => count(part, depth + 1));
    for (const key of Object.keys(one)) {
      const part = Reflect.get(one, key);
      if (isLeftOut(part)) continue;
      left -= key.length + 3;
      if (!count(part, depth + 1)) return false;
    }
    return true;
  }

  try {
    count(value, 1);
  } catch {
    // A getter or a proxy that throws throws again where it is told to whom it matters.
    return false;
  }
  return left < 0;
}

/** Characters that a value has at least, without what it holds; a comma or bracket for each. */
function shortestJson(value: unknown): number {
  if (typeof value === "string") return value.length + 2;
  // Each byte a number and a comma, also in the `toJSON` of a Buffer.
  if (ArrayBuffer.isView(value)) return value instanceof DataView ? 2 : 2 * Reflect.get(value, "length");
  return 1;
}

function isLeftOut(value: unknown): boolean {
  return value === undefined || typeof value === "function" || typeof value === "symbol";
}

/** Objects whose JSON is not that of their fields. */
function isWrittenOtherwise(value: object): boolean {
  if (ArrayBuffer.isView(value) || typeof Reflect.get(value, "toJSON") === "function") return true;
  return value instanceof String || value instanceof Number || value instanceof Boolean;
}
