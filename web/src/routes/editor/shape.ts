/** Whether JSON that somebody has written is of the kinds that the form's fields show; whether it is right the node says. */

/**
 * Finds the first value that is of another kind than in an example.
 *
 * @param example null in it stands for a text or a number, a list for entries like its first
 * @returns what is wrong, with the pointer of the value; undefined where all fits. Names that the example lacks may hold anything
 */
export function findMisfit(value: unknown, example: unknown, pointer = ""): string | undefined {
  if (value === null || value === undefined) return undefined;
  const kind = kindOf(value);
  if (example === null)
    return kind === "a text" || kind === "a number" ? undefined : `${pointer}: must be a text or a number`;
  const wanted = kindOf(example);
  if (kind !== wanted) return `${pointer || "It"}: must be ${wanted}`;
  if (Array.isArray(value) && Array.isArray(example)) {
    return firstOf(value, (entry, index) =>
      entry === null ? `${pointer}/${index}: must not be null` : findMisfit(entry, example[0], `${pointer}/${index}`),
    );
  }
  if (typeof value !== "object" || typeof example !== "object") return undefined;
  const given = new Map<string, unknown>(Object.entries(value));
  return firstOf(Object.entries(example), ([name, one]) => findMisfit(given.get(name), one, `${pointer}/${name}`));
}

function firstOf<Entry>(
  entries: readonly Entry[],
  find: (entry: Entry, index: number) => string | undefined,
): string | undefined {
  for (const [index, entry] of entries.entries()) {
    const found = find(entry, index);
    if (found !== undefined) return found;
  }
  return undefined;
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list: […]";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    default:
      return "an object: {…}";
  }
}
