/**
 * Where a benchmark does its work: a temporary folder, the built code, and everything that must be ended again.
 *
 * What is measured runs as plain JavaScript in processes of its own: tsx would add a call to every function that is made.
 */
import { execFile } from "node:child_process";
import { chmod, cp, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../../", import.meta.url));

export interface Workplace {
  /** A temporary folder. */
  readonly folder: string;
  /** The path of a script of this repository, as it was built: `bench/queue/punctual-child.ts`. */
  built(script: string): string;
  /** A name that no one else here has: `1`, `2`, … */
  name(): string;
  /** Ends what was started, last first, when the benchmark is over. */
  atEnd(end: () => Promise<unknown>): void;
}

/** Runs a benchmark in a workplace and clears it away, also after a failure or Ctrl-C. */
export async function inWorkplace(work: (workplace: Workplace) => Promise<void>): Promise<void> {
  const ends: (() => Promise<unknown>)[] = [];
  let clearing: Promise<void> | undefined;
  const clear = (): Promise<void> => {
    clearing ??= endAll(ends);
    return clearing;
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => clear().finally(() => process.exit(130)));
  try {
    const folder = await mkdtemp(join(tmpdir(), "punctual-bench-"));
    ends.push(() => rm(folder, { recursive: true, force: true }));
    // As root PostgreSQL runs under another user, who must be able to come in.
    await chmod(folder, 0o711);
    const code = await build(ends);
    let names = 0;
    await work({
      folder,
      built: (script) => join(code, script.replace(/\.ts$/, ".js")),
      name: () => String(++names),
      atEnd: (end) => ends.push(end),
    });
  } finally {
    await clear();
  }
}

async function endAll(ends: (() => Promise<unknown>)[]): Promise<void> {
  for (const end of ends.reverse()) await end().catch((error: unknown) => console.error("could not clear up:", error));
}

/** Compiles the sources as they are now, inside `node_modules` so that packages are found. */
async function build(ends: (() => Promise<unknown>)[]): Promise<string> {
  const cache = join(repository, "node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "punctual-bench-"));
  ends.push(() => rm(folder, { recursive: true, force: true }));
  await compile(["-p", repository, "--noEmit", "false", "--outDir", folder, "--rootDir", repository, "--sourceMap"]);
  await cp(join(repository, "package.json"), join(folder, "package.json"));
  await cp(join(repository, "src/store/migrations"), join(folder, "src/store/migrations"), { recursive: true });
  await symlink(join(repository, "web"), join(folder, "web"));
  return folder;
}

function compile(args: readonly string[]): Promise<void> {
  return new Promise((resolve) => {
    execFile(join(repository, "node_modules/.bin/tsc"), args, { cwd: repository }, (error, stdout) => {
      // The compiler writes its output all the same; `npm run lint` is where types are judged.
      if (error) console.error(`the compiler complains, the benchmark goes on:\n${stdout.slice(0, 2000)}`);
      resolve();
    });
  });
}
