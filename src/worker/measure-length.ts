/** Values that are too large to be made into JSON at all. */

/**
 * Whether a value's JSON is surely longer than `most` characters (`outgrown`), found out without making it: a gigabyte of JSON would
 * hold up the node, and might be more than it has memory for. `hidden`: some object makes its JSON itself, so that must be watched
 * while it is written. `deep`: it may nest deeper than `deepest`, or is a cycle, which JSON.stringify finds at once. `fits`: it does not.
 *
 * It counts what is surely there and stops at the bound.
 */
export function measureJson(value: unknown, most: number, deepest: number): "fits" | "deep" | "hidden" | "outgrown" {
  let left = most;
  let hides = false;
  let isDeep = false;

  /** Answers false where it has seen enough. */
  function count(one: unknown, depth: number): boolean {
    left -= shortestJson(one);
    if (left < 0) return false;
    if (typeof one !== "object" || one === null) return true;
    // The JSON of bytes is an object too.
    isDeep ||= depth > deepest || ArrayBuffer.isView(one);
    if (depth > deepest) return false;
    hides ||= hasJsonOfItsOwn(one);
    if (isWrittenOtherwise(one)) return true;
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
    return "hidden";
  }
  if (left < 0) return "outgrown";
  if (hides) return "hidden";
  return isDeep ? "deep" : "fits";
}

/**
 * A watcher for JSON.stringify that throws when more than `most` characters are surely there. It costs several times the writing, so
 * it is for values that hide what they will be.
 */
export function watchLength(most: number, tooLong: () => Error): (key: string, value: unknown) => unknown {
  let left = most;
  return (key, value) => {
    if (isLeftOut(value)) return value;
    left -= shortestJson(value) + (Number.isNaN(Number(key)) ? key.length + 3 : 0);
    if (left < 0) throw tooLong();
    return value;
  };
}

/** A time's JSON is short, and that of bytes is counted. */
function hasJsonOfItsOwn(value: object): boolean {
  if (value instanceof Date || ArrayBuffer.isView(value)) return false;
  return typeof Reflect.get(value, "toJSON") === "function";
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
