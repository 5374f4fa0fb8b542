/**
 * Makes the database cluster of a folder, once.
 *
 * Invariant: `data` exists whole or not at all. It is made under a name of its own and renamed when it is durable and
 * holds the database; a start that was killed leaves a `data.new-…` that the next one removes. The name is new each
 * time, so that an initdb whose parent was killed cannot write into its successor's.
 */
import { randomUUID } from "node:crypto";
import { open, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../runtime/logger.ts";
import type { Binaries } from "./binaries.ts";
import type { DataFolder } from "./data-folder.ts";
import { EmbeddedPostgresError, explainFailure, systemErrorCode } from "./embedded-postgres-error.ts";
import { type Outcome, runAs, runShell } from "./run-as.ts";

/** The superuser and the database that every cluster of ours has. */
export const clusterNames = { user: "punctual", database: "punctual" } as const;

/**
 * Makes the cluster where there is none.
 *
 * @returns its folder, and whether this call made it
 * @throws EmbeddedPostgresError there is one of another PostgreSQL version, or none can be made (disk, permissions)
 */
export async function initializeCluster(
  folder: DataFolder,
  binaries: Binaries,
  durable: "durable" | "throwaway",
  log: Logger,
): Promise<{ data: string; created: boolean }> {
  const data = join(folder.home, "data");
  await removeHalfMade(folder, log);
  const version = await readClusterVersion(data);
  if (version === binaries.majorVersion) return { data, created: false };
  if (version !== undefined) throw wrongVersion(data, version, binaries.majorVersion);

  const fresh = join(folder.home, `data.new-${randomUUID().slice(0, 8)}`);
  try {
    await make(fresh, folder, binaries, durable);
    await rename(fresh, data);
    await flushFolder(folder.home);
  } catch (error) {
    await removeHalfMade(folder, log);
    throw explainFailure(
      `The embedded PostgreSQL could not make its database in ${folder.home}`,
      error instanceof Error ? error.message : String(error),
      error,
    );
  }
  return { data, created: true };
}

async function make(
  fresh: string,
  folder: DataFolder,
  binaries: Binaries,
  durable: "durable" | "throwaway",
): Promise<void> {
  const options = [
    `--pgdata=${fresh}`,
    `--username=${clusterNames.user}`,
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth-local=trust",
    "--auth-host=reject",
    "--no-instructions",
    ...(durable === "durable" ? [] : ["--no-sync"]),
  ];
  requireSuccess(await runAs(folder.user, binaries.initdb, options, { env: binaries.env }));

  // While nobody can connect, a single process makes the database; its end is a clean shutdown with all on disk.
  const sync = durable === "durable" ? "on" : "off";
  const single = ["--single", "-D", fresh, "-c", `fsync=${sync}`, "-c", "log_checkpoints=off", "template1"];
  const input = `create database ${clusterNames.database};\n`;
  const created = await runAs(folder.user, binaries.postgres, single, { env: binaries.env, input });
  requireSuccess(created);
  // It ends well even when a statement failed.
  if (/^(\S+ )*(ERROR|FATAL|PANIC): /m.test(created.stderr)) throw new Error(created.stderr);
}

function requireSuccess(outcome: Outcome): void {
  if (outcome.code !== 0) throw new Error(outcome.stderr || outcome.stdout || `exit code ${outcome.code}`);
}

async function removeHalfMade(folder: DataFolder, log: Logger): Promise<void> {
  const names = (await readdir(folder.home)).filter((name) => name.startsWith("data.new-"));
  if (names.length === 0) return;
  const paths = names.map((name) => join(folder.home, name));
  const removed = await runShell(folder.user, 'rm -rf -- "$@"', paths);
  if (removed.code !== 0) log.warn({ paths, said: removed.stderr }, "could not remove what a killed first start left");
}

async function readClusterVersion(data: string): Promise<string | undefined> {
  try {
    return (await readFile(join(data, "PG_VERSION"), "utf8")).trim();
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
  const content = await readdir(data).catch(() => []);
  if (content.length === 0) return undefined;
  throw new EmbeddedPostgresError(
    `${data} is not a database (it has no PG_VERSION) and is not empty.\n` +
      "Restore it from a backup, or move it away to begin with an empty database.",
  );
}

function wrongVersion(data: string, theirs: string, ours: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `The database in ${data} was made by PostgreSQL ${/^[\d.]{1,8}$/.test(theirs) ? theirs : "?"}, and this Punctual brings PostgreSQL ${ours}.\n` +
      "Run the Punctual version that made it and move the data (pg_dump over its socket), or give this node an empty " +
      "--data-dir, or serve the database with a PostgreSQL of that version and set DATABASE_URL.",
  );
}

/** A rename lasts through a power cut only when its folder has been flushed. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  await folder.sync().finally(() => folder.close());
}
