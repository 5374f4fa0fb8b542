/**
 * Where the database lives, and whose it is.
 *
 *     <data dir>/                    the node's: credentials, files
 *       pg/                          PostgreSQL's user, 0700: data/, data.new-*, socket
 *       postgresql-*, pg-libraries   what of the software has to lie here, the node's user
 *
 * Invariants: root writes only into folders that root owns, so that PostgreSQL's user can redirect none of it;
 * `pg` keeps the owner that it has, so that a later start as root does not lock out the ordinary user of before.
 *
 * Where PostgreSQL's user cannot reach the data directory (root's own home is 0700), `pg` is a link to a folder of
 * the same file system that it can reach: the link alone says which, so no other data directory can meet it.
 */
import { chmod, lstat, mkdir, mkdtemp, readlink, realpath, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Logger } from "../runtime/logger.ts";
import { EmbeddedPostgresError, explainFailure, systemErrorCode } from "./embedded-postgres-error.ts";
import { chooseProcessUser, ourselves } from "./process-user.ts";
import { type ProcessUser, runShell } from "./run-as.ts";

/** A folder that is ready to hold a database. */
export interface DataFolder {
  /** Real path of the folder of PostgreSQL's user. */
  readonly home: string;
  /** Real path of its parent: the node's user owns it and PostgreSQL's user can pass through it. */
  readonly base: string;
  readonly user: ProcessUser;
}

/** Prints the first folder that may not be passed through. */
const firstBlocked = 'for folder; do [ -x "$folder" ] || { printf %s "$folder"; exit 0; }; done';

/**
 * Makes the folders that are missing and finds the user they belong to. Repeating it changes nothing.
 *
 * @throws EmbeddedPostgresError a folder cannot be made, reached or used by the user that needs it
 */
export async function prepareDataFolder(dataDir: string, log: Logger): Promise<DataFolder> {
  try {
    return await prepare(dataDir, log);
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw explainFailure(`The data directory ${dataDir} cannot be used`, String(error), error);
  }
}

/**
 * The real path of the database's folder below a data directory, or undefined where none was ever made.
 *
 * @throws EmbeddedPostgresError the data directory points to a folder that is gone
 */
export async function findHome(dataDir: string): Promise<string | undefined> {
  const link = join(dataDir, "pg");
  const there = await lstat(link).catch(undefinedIfAbsent);
  if (!there) return undefined;
  const home = await realpath(link).catch(undefinedIfAbsent);
  if (home !== undefined) return home;
  throw new EmbeddedPostgresError(
    `The database of ${dataDir} lies in ${await readlink(link)}, and that folder is gone.\n` +
      `Restore it, or remove ${link} to begin with an empty database.`,
  );
}

async function prepare(dataDir: string, log: Logger): Promise<DataFolder> {
  const self = ourselves();
  const isRoot = self.uid === 0;
  // 0711 lets another user pass through without seeing what is there.
  const firstMade = await mkdir(dataDir, { recursive: true, mode: isRoot ? 0o711 : 0o700 });
  const folder = await realpath(dataDir);
  if (isRoot) await openForPassage(folder, firstMade);

  const existing = await findHome(folder);
  if (existing !== undefined) return openExisting(existing, dataDir, isRoot);

  const user = await chooseProcessUser();
  const blocked = isRoot ? await findBlocked(folder, user) : undefined;
  if (blocked === undefined) return makeHome(folder, user);

  const base = await makeBaseElsewhere(folder, blocked, user);
  const made = await makeHome(base, user);
  try {
    await symlink(made.home, join(folder, "pg"));
  } catch (error) {
    await rm(base, { recursive: true, force: true });
    // Another start was quicker; the lock decides between the two.
    if (systemErrorCode(error) === "EEXIST") return prepare(dataDir, log);
    throw error;
  }
  log.warn(
    { dataDir, database: made.home, blockedBy: blocked },
    "PostgreSQL's user cannot reach the data directory, so the database lies elsewhere; back up both folders",
  );
  return made;
}

async function openExisting(home: string, dataDir: string, isRoot: boolean): Promise<DataFolder> {
  const owner = await stat(home);
  if (!isRoot && owner.uid !== ourselves().uid) {
    throw new EmbeddedPostgresError(
      `The database in ${home} belongs to the user with id ${owner.uid}, and this node runs as ${ourselves().uid}.\n` +
        "Run the node as that user or as root, or change the owner of the folder and all in it.",
    );
  }
  const user = owner.uid === 0 ? await chooseProcessUser() : { uid: owner.uid, gid: owner.gid };
  if (!isRoot) return { home, base: dirname(home), user };

  const blocked = await findBlocked(dirname(home), user);
  if (blocked !== undefined) throw unreachable(dataDir, blocked, "");
  if (owner.uid === 0) await giveTo(user, home);
  return { home, base: dirname(home), user };
}

async function makeHome(base: string, user: ProcessUser): Promise<DataFolder> {
  const home = join(base, "pg");
  await mkdir(home, { mode: 0o700, recursive: true });
  if (ourselves().uid === 0) await giveTo(user, home);
  return { home: await realpath(home), base, user };
}

/** Changes the owner of a folder that root owns, with all in it (a copy or a backup may have made it root's). */
async function giveTo(user: ProcessUser, folder: string): Promise<void> {
  const changed = await runShell(ourselves(), 'chown -RPh "$1" "$2"', [`${user.uid}:${user.gid}`, folder]);
  if (changed.code !== 0) {
    throw explainFailure(`${folder} cannot be given to the user that runs PostgreSQL`, changed.stderr);
  }
}

/** Opens the data directory, and the parents that were made for it: the umask may have closed them. */
async function openForPassage(folder: string, firstMade: string | undefined): Promise<void> {
  const top = firstMade === undefined ? folder : await realpath(firstMade);
  for (let at = folder; at.startsWith(top); at = dirname(at)) {
    const { mode, uid } = await stat(at);
    if (uid === 0 && (mode & 0o011) !== 0o011) await chmod(at, (mode & 0o7777) | 0o011);
  }
}

async function findBlocked(folder: string, user: ProcessUser): Promise<string | undefined> {
  const chain: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    chain.unshift(at);
    if (dirname(at) === at) break;
  }
  const probe = await runShell(user, firstBlocked, chain);
  return probe.stdout === "" ? undefined : probe.stdout;
}

async function makeBaseElsewhere(folder: string, blocked: string, user: ProcessUser): Promise<string> {
  const temp = await realpath(tmpdir());
  // What was put among temporary files may be lost with them; nothing else may.
  const parent = folder.startsWith(`${temp}/`) ? temp : "/var/lib/punctual";
  await mkdir(parent, { recursive: true, mode: 0o711 });
  // Another file system may be a container's own and end with it while the data directory stays.
  if ((await stat(parent)).dev !== (await stat(folder)).dev) {
    throw unreachable(folder, blocked, ` ${parent} lies on another file system, so the database was not put there.`);
  }
  if ((await findBlocked(parent, user)) !== undefined) throw unreachable(folder, blocked, "");
  const base = await mkdtemp(join(parent, `${nameAfter(folder)}-`));
  await chmod(base, 0o711);
  return base;
}

function nameAfter(folder: string): string {
  return `${basename(dirname(folder))}-${basename(folder)}`.replaceAll(/[^A-Za-z0-9-]/g, "").slice(-40);
}

function unreachable(dataDir: string, blocked: string, more: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `PostgreSQL may not run as root, and the user it runs as cannot pass through ${blocked} to the data directory ${dataDir}.${more}\n` +
      `Choose a folder outside it with --data-dir (e.g. /var/lib/punctual), or let others pass with: chmod o+x ${blocked}`,
  );
}

function undefinedIfAbsent(error: unknown): undefined {
  if (systemErrorCode(error) === "ENOENT") return undefined;
  throw error;
}
