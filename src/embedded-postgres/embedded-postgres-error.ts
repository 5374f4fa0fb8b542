/** What the embedded PostgreSQL refuses or fails at, put so that an operator can act on it. */

/** Its message says what happened, to which folder, and what to change; show it without its stack. */
export class EmbeddedPostgresError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "EmbeddedPostgresError";
  }
}

const otherWays =
  "Point the node at a PostgreSQL server of yours with DATABASE_URL, or give it another folder with --data-dir.";

/** What PostgreSQL or the system says → what to do about it. The first that matches counts. */
const remedies: readonly (readonly [said: RegExp, remedy: string])[] = [
  [/No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/, "The disk is full: free some space, then start again."],
  [
    /could not look up effective user ID/,
    "PostgreSQL needs its user to have a name: run the node as a user that /etc/passwd lists, or add this one to it.",
  ],
  [
    /error while loading shared libraries|Library not loaded/,
    `A library that the bundled PostgreSQL needs is missing here. Install the one it names. Or: ${otherWays}`,
  ],
  [
    /C library/,
    `The bundled PostgreSQL needs glibc; musl systems such as Alpine lack it. Use an image with glibc (node:20-slim). Or: ${otherWays}`,
  ],
  [
    /spawn \/bin\/sh ENOENT/,
    `The bundled PostgreSQL needs /bin/sh. Use an image that has it (node:20-slim). Or: ${otherWays}`,
  ],
  [
    /EPERM|EINVAL|Operation not permitted/,
    "PostgreSQL refuses to run as root and this root may not act for another user: start the node as an ordinary user that owns the data directory.",
  ],
  [/Read-only file system|EROFS/, "The folder is read-only: give the node one that it may write with --data-dir."],
  [
    /EACCES|Permission denied/,
    "The node's user may not use the folder: run as the user that owns it, or change its owner.",
  ],
  [
    /shared memory|Cannot allocate memory|ENOMEM/,
    "There is too little memory: give the machine or container at least 256 MiB more.",
  ],
];

/**
 * Makes an error of what failed and what PostgreSQL said.
 *
 * @param failed a clause without a full stop, e.g. `The embedded PostgreSQL in /x could not start`
 * @param said   output of the program or the message of a system error
 */
export function explainFailure(failed: string, said: string, cause?: unknown): EmbeddedPostgresError {
  const found = remedies.find(([pattern]) => pattern.test(said));
  const words = said.trim() === "" ? "It said nothing." : `It said: ${said.trim()}`;
  return new EmbeddedPostgresError(`${failed}. ${words}\n${found?.[1] ?? otherWays}`, cause);
}

/** The code of a Node system error (`ENOENT`), or undefined for anything else. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
