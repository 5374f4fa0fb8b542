/**
 * Fails when something that `src` exports has no docstring directly above it, or one that begins with a tag instead of
 * a sentence (`npm run lint`).
 *
 * Looks at lines, not at syntax: biome keeps every declaration at the start of its own line. Re-exports
 * (`export { … }`, `export * from …`) are documented where they come from, and later overloads by the first.
 */
import { readdirSync, readFileSync } from "node:fs";

const unchecked = /(\.(test|fixture)|\/test-support|\/testing)\.ts$/;
const declaration =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:(?:async )?function\*?|const|let|class|interface|type|enum) (\w+)/;
const anonymousDefault = /^export default (?!\w+;)/;

const missing = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((path) => `src/${path}`)
  .filter((path) => path.endsWith(".ts") && !unchecked.test(path))
  .sort()
  .flatMap(undocumented);

if (missing.length > 0) {
  console.error(`no docstring directly above:\n${missing.join("\n")}`);
  process.exit(1);
}

/** Lists a file's exports without a docstring as `file:line name`. */
function undocumented(path: string): string[] {
  const lines = readFileSync(path, "utf8").split("\n");
  const documented = new Set<string>();
  return lines.flatMap((line, index) => {
    const name = declaration.exec(line)?.[1] ?? (anonymousDefault.test(line) ? "default" : undefined);
    if (name === undefined || documented.has(name)) return [];
    documented.add(name);
    return hasDocstring(lines, index - 1) ? [] : [`${path}:${index + 1} ${name}`];
  });
}

/** Tells whether a docstring ends on a line; a word to the linter may stand between it and the export. */
function hasDocstring(lines: readonly string[], end: number): boolean {
  let last = end;
  while (last >= 0 && /^\/\/ biome-ignore /.test(lines[last] ?? "")) last -= 1;
  if (!lines[last]?.trimEnd().endsWith("*/")) return false;
  let first = last;
  while (first > 0 && !lines[first]?.startsWith("/*")) first -= 1;
  return /^\/\*\*[\s*]*[^\s*@]/.test(lines.slice(first, last + 1).join("\n"));
}
