/** The peers: packages in `bench/peers`, on the Node that comes with them. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Children run from a built copy: their parent tells them where the packages are. */
const folder = process.env.PUNCTUAL_BENCH_PEERS ?? fileURLToPath(new URL("../peers/", import.meta.url));

/** What children of peers need in their environment. */
export const peerEnvironment = { PUNCTUAL_BENCH_PEERS: folder };

/** The Node that some peers need; undefined where peers are not installed. */
export function peerNode(): string | undefined {
  const path = join(folder, "node_modules/.bin/node");
  return existsSync(path) ? path : undefined;
}

/** Loads a peer's module; its caller declares what it uses of it. */
export async function importPeer<Module>(name: string): Promise<Module> {
  const require = createRequire(join(folder, "package.json"));
  return await import(pathToFileURL(require.resolve(name)).href);
}

/** A peer's version as it is installed, or `not installed`. */
export function peerVersion(name: string): string {
  const file = join(folder, "node_modules", name, "package.json");
  if (!existsSync(file)) return "not installed";
  return /"version":\s*"([^"]+)"/.exec(readFileSync(file, "utf8"))?.[1] ?? "?";
}

/** The version of a Node. */
export function nodeVersion(path: string): string {
  return execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
}

/** One line about the machine. */
export function machine(): string {
  const all = cpus();
  return `${all.length} CPUs (${all[0]?.model.trim() ?? "?"}), shared by contenders, database and load`;
}
