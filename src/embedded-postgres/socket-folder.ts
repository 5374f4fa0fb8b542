/**
 * The folder of PostgreSQL's socket, which is all there is to guard the database: it has no password and no port.
 *
 * Invariant: the folder belongs to PostgreSQL's user and nobody else may enter. It is `<home>/socket`, or, where that
 * path would be too long for a socket, a folder among the temporary files that `<home>/socket` links to; its name
 * is random and its owner and mode are checked, so that nobody can put one there before us.
 */
import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DataFolder } from "./data-folder.ts";
import { EmbeddedPostgresError, explainFailure, systemErrorCode } from "./embedded-postgres-error.ts";
import { ourselves } from "./process-user.ts";
import { runShell } from "./run-as.ts";

/** Part of the socket's name; nothing listens on such a port. */
export const socketPort = 5432;

/** macOS takes 104 bytes with the closing NUL, Linux 108. */
const longestSocketPath = 103;

const makeAtHome = 'umask 077; rm -rf -- "$1" && mkdir -- "$1"';
const makeElsewhere =
  'umask 077; made=$(mktemp -d "$2/punctual-XXXXXXXX") && rm -rf -- "$1" && ln -s -- "$made" "$1" && printf %s "$made"';

/** The socket in a folder. */
export function socketPath(folder: string): string {
  return join(folder, `.s.PGSQL.${socketPort}`);
}

/**
 * Finds or makes the socket folder of a database. The caller holds the folder's lock.
 *
 * @throws EmbeddedPostgresError none can be made
 */
export async function prepareSocketFolder(folder: DataFolder): Promise<string> {
  const existing = await findSocketFolder(folder.home).catch(() => undefined);
  if (existing !== undefined && isShortEnough(existing)) return existing;

  const atHome = join(folder.home, "socket");
  const near = isShortEnough(atHome);
  const made = near
    ? await runShell(folder.user, makeAtHome, [atHome])
    : await runShell(folder.user, makeElsewhere, [atHome, tempFolder()]);
  if (made.code === 0) return near ? atHome : made.stdout;
  throw explainFailure(`The folder for PostgreSQL's socket could not be made (${atHome})`, made.stderr);
}

/**
 * The socket folder that a database has, or undefined where it has none.
 *
 * @throws EmbeddedPostgresError it is not as private as it must be
 */
export async function findSocketFolder(home: string): Promise<string | undefined> {
  try {
    const path = await realpath(join(home, "socket"));
    const [found, owner] = await Promise.all([stat(path), stat(home)]);
    if (found.isDirectory() && found.uid === owner.uid && (found.mode & 0o077) === 0) return path;
    throw new EmbeddedPostgresError(
      `${path}, the folder of PostgreSQL's socket, does not belong to PostgreSQL's user alone.\n` +
        "Restart the node: it makes a new one.",
    );
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Removes what lies outside the data directory; called once the server has ended. */
export async function removeTemporarySocketFolder(folder: DataFolder): Promise<void> {
  const atHome = join(folder.home, "socket");
  if (!(await lstat(atHome)).isSymbolicLink()) return;
  await runShell(folder.user, 'rm -f -- "$1"/.s.PGSQL.* "$1"/node.sock; rmdir -- "$1" && rm -- "$2"', [
    await readlink(atHome),
    atHome,
  ]);
}

function isShortEnough(folder: string): boolean {
  return Buffer.byteLength(socketPath(folder)) <= longestSocketPath;
}

function tempFolder(): string {
  // Root's TMPDIR may be closed to PostgreSQL's user; /tmp is open to all.
  const own = tmpdir();
  return ourselves().uid !== 0 && isShortEnough(join(own, "punctual-XXXXXXXX")) ? own : "/tmp";
}
