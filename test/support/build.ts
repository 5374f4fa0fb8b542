/** Builds what tests use built, where it is not there, or older than its source. */
import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

/** The server: its processes start in a third of the time of those from the source. */
export function buildServer(): Promise<void> {
  return build("src", "dist/cli/punctual.js", ["tsc", "-p", "tsconfig.build.json"]);
}

export function buildPage(): Promise<void> {
  return build("web", "dist/web/index.html", ["vite", "build", "web", "--logLevel", "error"]);
}

async function build(source: string, product: string, command: readonly string[]): Promise<void> {
  const built = await stat(product).catch(() => undefined);
  const names = await readdir(source, { recursive: true });
  const changes = await Promise.all(names.map(async (name) => (await stat(join(source, name))).mtimeMs));
  if (built && built.mtimeMs > Math.max(...changes)) return;
  // The tests' own NODE_ENV would bring the development build of React.
  await promisify(execFile)("npx", command, { env: { ...process.env, NODE_ENV: "production" } });
}
