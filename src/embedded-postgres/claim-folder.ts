/**
 * Makes a database folder ours alone, as far as this machine goes.
 *
 * States: free → claimed → free. Invariant: until it is claimed nothing of the folder is touched but the place of its socket.
 */
import type { DataFolder } from "./data-folder.ts";
import { acquireFolderLock } from "./folder-lock.ts";
import { announcePresence } from "./presence.ts";
import { prepareSocketFolder } from "./socket-folder.ts";

/** A folder that is ours. */
export interface Claim {
  readonly socketFolder: string;
  /** Tells those who ask that the server answers. */
  announceReady(): void;
  /** Called once no process of the server is left. */
  release(): Promise<void>;
}

/**
 * Claims a folder.
 *
 * @param dataDir as the user named it, for messages
 * @throws EmbeddedPostgresError another node has it, or the socket's folder cannot be made
 */
export async function claimFolder(folder: DataFolder, dataDir: string): Promise<Claim> {
  const lock = await acquireFolderLock(folder.home, dataDir);
  try {
    const socketFolder = await prepareSocketFolder(folder);
    const presence = await announcePresence(socketFolder, dataDir);
    return {
      socketFolder,
      announceReady: lock.announceReady,
      release: () => presence.end().finally(lock.release),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
