/**
 * One owner per database folder: a lock that the kernel frees however its holder dies.
 *
 * States: held, not ready → held, ready → released. Invariants: at most one process of a machine holds a folder; the
 * lock outlives nobody; what it tells (process id, readiness) is news, never authority.
 *
 * On Linux it is a listening socket in the abstract namespace. Its name comes from the folder's device and inode
 * numbers rather than its path: two containers on the host's network may both call different folders `/data`, and
 * one folder may be mounted in two places. Elsewhere it is a file opened with O_EXLOCK.
 */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, readFile, stat } from "node:fs/promises";
import { connect, createServer, type Socket } from "node:net";
import { EmbeddedPostgresError, systemErrorCode } from "./embedded-postgres-error.ts";

/** A folder that is ours. */
export interface FolderLock {
  /** Tells those who ask that the server answers. */
  announceReady(): void;
  release(): Promise<void>;
}

/** BSD's and macOS's flags of open(2), which Node does not name. */
const O_SHLOCK = 0x10;
const O_EXLOCK = 0x20;

/**
 * Takes the lock of a folder.
 *
 * @param folder real path of the database's folder
 * @param dataDir the data directory as the user named it, for the message
 * @throws EmbeddedPostgresError another process holds it
 */
export async function acquireFolderLock(folder: string, dataDir: string): Promise<FolderLock> {
  try {
    return process.platform === "linux" ? await listenAs(await socketName(folder)) : await lockFile(`${folder}.lock`);
  } catch (error) {
    if (!isTaken(error)) throw error;
    const holder = await readLockHolder(folder);
    throw new EmbeddedPostgresError(
      `Another Punctual node (process ${holder?.pid ?? "unknown"}) already uses this data directory: ${dataDir}\n` +
        "Stop it, or give this one its own --data-dir, or point both at one PostgreSQL with DATABASE_URL.",
      error,
    );
  }
}

/** What a holder tells. */
export interface LockHolder {
  /** Undefined when it does not answer within a second: stopped or busy. */
  readonly pid: number | undefined;
  /** Resolves true once its server answers, false if it ends or does not get there within `timeoutMs`. */
  ready(timeoutMs: number): Promise<boolean>;
}

/** Who holds a folder, or undefined when nobody does. */
export async function readLockHolder(folder: string): Promise<LockHolder | undefined> {
  return process.platform === "linux" ? askHolder(await socketName(folder)) : readLockFile(`${folder}.lock`);
}

async function socketName(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const hash = createHash("sha512").update(`${dev}:${ino}`).digest("hex");
  // Node 20 pads abstract names with NUL and later ones do not: a name of full length is the same to both.
  return `\0punctual-${hash}`.slice(0, 108);
}

function listenAs(path: string): Promise<FolderLock> {
  return new Promise((resolve, reject) => {
    const waiting = new Set<Socket>();
    let isReady = false;
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write(`${process.pid}\n`);
      if (isReady) return void socket.end("ready\n");
      waiting.add(socket);
      socket.on("close", () => waiting.delete(socket));
    });
    server.on("error", reject);
    // Exclusive: a worker of node:cluster would otherwise share the primary's socket, and with it the lock.
    server.listen({ path, exclusive: true }, () => {
      resolve({
        announceReady() {
          isReady = true;
          for (const socket of waiting) socket.end("ready\n");
        },
        release() {
          for (const socket of waiting) socket.destroy();
          return new Promise((closed) => server.close(() => closed()));
        },
      });
    });
  });
}

function askHolder(path: string): Promise<LockHolder | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let heard = "";
    const patience = setTimeout(answer, 1000);

    function answer(): void {
      clearTimeout(patience);
      const pid = Number.parseInt(heard, 10);
      resolve({ pid: Number.isNaN(pid) ? undefined : pid, ready });
    }
    function ready(timeoutMs: number): Promise<boolean> {
      return new Promise((tell) => {
        if (socket.closed) return tell(heard.includes("ready"));
        const giveUp = setTimeout(() => socket.destroy(), timeoutMs);
        socket.ref();
        socket.on("close", () => {
          clearTimeout(giveUp);
          tell(heard.includes("ready"));
        });
      });
    }

    socket.unref();
    socket.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
      if (heard.includes("\n")) answer();
    });
    socket.on("error", (error) => {
      clearTimeout(patience);
      // Nobody listens, or whoever did has ended before it could answer.
      if (["ECONNREFUSED", "ECONNRESET"].includes(systemErrorCode(error) ?? "")) resolve(undefined);
      else reject(error);
    });
    socket.on("close", answer);
  });
}

async function lockFile(path: string): Promise<FolderLock> {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK;
  const file = await open(path, flags, 0o600);
  await tellInFile(file, `${process.pid}\n`);
  return {
    announceReady: () => void tellInFile(file, `${process.pid}\nready\n`).catch(() => undefined),
    release: () => file.close(),
  };
}

async function tellInFile(file: FileHandle, text: string): Promise<void> {
  await file.truncate(0);
  await file.write(text, 0);
}

async function readLockFile(path: string): Promise<LockHolder | undefined> {
  const held = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | O_SHLOCK).then(
    (file) => file.close().then(() => false),
    (error: unknown) => isTaken(error),
  );
  if (!held) return undefined;
  const text = await readFile(path, "utf8");
  const pid = Number.parseInt(text, 10);
  return { pid: Number.isNaN(pid) ? undefined : pid, ready: async () => text.includes("ready") };
}

function isTaken(error: unknown): boolean {
  return ["EADDRINUSE", "EAGAIN", "EWOULDBLOCK"].includes(systemErrorCode(error) ?? "");
}
