import { mostColumns } from "./bounds.ts";

/** Why names of columns could not be told apart; undefined where they can. */
export function faultOfColumns(names: readonly string[]): string | undefined {
  if (names.length > mostColumns) return `there are ${names.length} columns; ${mostColumns} are the most`;
  const seen = new Set<string>();
  for (const name of names) {
    if (name === "") return `column ${seen.size + 1} has no name`;
    if (name === "__proto__") return `"__proto__" cannot be the name of a column`;
    if (seen.has(name)) return `the column ${JSON.stringify(name)} is there twice`;
    seen.add(name);
  }
  return undefined;
}
