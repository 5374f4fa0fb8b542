/** How much JavaScript the page loads first. */
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import Type from "typebox";
import { Value } from "typebox/value";

/** The most that a first load may bring, gzipped, in bytes: 250 KB. */
export const mostFirstLoad = 250_000;

const Manifest = Type.Record(
  Type.String(),
  Type.Object({
    file: Type.String(),
    isEntry: Type.Optional(Type.Boolean()),
    imports: Type.Optional(Type.Array(Type.String())),
  }),
);

/**
 * Measures what `npm run build:page` has made.
 *
 * @param folder of the built page, with a slash at its end
 * @returns bytes of JavaScript, gzipped, that load before anything is shown
 */
export async function firstLoad(folder: URL): Promise<number> {
  const manifest = Value.Parse(Manifest, JSON.parse(await readFile(new URL(".vite/manifest.json", folder), "utf8")));
  const wanted = Object.keys(manifest).filter((name) => manifest[name]?.isEntry);
  const files = new Set<string>();
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    const chunk = manifest[name];
    if (!chunk || files.has(chunk.file)) continue;
    files.add(chunk.file);
    wanted.push(...(chunk.imports ?? []));
  }
  const sizes = [...files].map(async (file) => gzipSync(await readFile(new URL(file, folder)), { level: 9 }).length);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
