/**
 * Tells nodes in other containers that a database folder on a shared volume is taken.
 *
 * The folder's lock ends at the walls of a network namespace; a socket that is a file can be knocked at from every
 * container of the machine that has the folder. It is no lock (two that start within the same millisecond pass each other)
 * and adds to the lock what that cannot see.
 *
 * States: absent → listening → absent. Invariant: it is knocked at before anything of the folder is touched.
 */
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { EmbeddedPostgresError } from "./embedded-postgres-error.ts";

/** Name of the node's socket beside PostgreSQL's, and not longer. */
const nodeSocket = "node.sock";

/**
 * Listens for others. The caller holds the folder's lock, so a socket that nobody answers is a dead node's.
 *
 * @throws EmbeddedPostgresError another node answers
 */
export async function announcePresence(socketFolder: string, dataDir: string): Promise<{ end(): Promise<void> }> {
  const path = join(socketFolder, nodeSocket);
  if (await answers(path)) throw takenElsewhere("A Punctual node", dataDir);
  await rm(path, { force: true });
  const server = createServer((socket) => socket.on("error", () => undefined).end());
  await new Promise<void>((resolve, reject) => {
    server.on("error", reject);
    server.listen({ path, exclusive: true }, resolve);
  });
  return { end: () => new Promise((resolve) => server.close(() => resolve())) };
}

/**
 * Makes sure that no PostgreSQL serves the folder after ours were stopped.
 *
 * @throws EmbeddedPostgresError one does, out of our sight
 */
export async function refuseForeignServer(serverSocket: string, dataDir: string): Promise<void> {
  if (await answers(serverSocket)) throw takenElsewhere("A PostgreSQL", dataDir);
}

function takenElsewhere(who: string, dataDir: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `${who} that cannot be seen from here, perhaps another container's, already uses this data directory: ${dataDir}\n` +
      "Stop it, or give this one its own --data-dir, or point both at one PostgreSQL with DATABASE_URL.",
  );
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
