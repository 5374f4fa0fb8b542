/** Builds the page where it is not there, or older than what it is made of. */
import { execFile } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export async function buildPage(): Promise<void> {
  const built = await stat("dist/web/index.html").catch(() => undefined);
  const names = await readdir("web", { recursive: true });
  const changes = await Promise.all(names.map(async (name) => (await stat(join("web", name))).mtimeMs));
  if (built && built.mtimeMs > Math.max(...changes)) return;
  await promisify(execFile)("npx", ["vite", "build", "web", "--logLevel", "error"], {
    // The tests' own NODE_ENV would bring the development build of React.
    env: { ...process.env, NODE_ENV: "production" },
  });
}
