/**
 * The storage of this node, and whether it is the one that all nodes of the database use.
 *
 * States: unchecked → shared, or apart (its name is not the database's: other nodes would not find what is written here). Invariants:
 * nothing is read or written while it is apart; a storage that is apart or unreachable is asked again the next time, and what it fails with
 * is told as that.
 */
import { randomUUID } from "node:crypto";
import { unavailable } from "../model/api-errors.ts";
import type { BlobStorage } from "../model/blob-storage.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { agreeOnStorage } from "../store/files/agree-on-storage.ts";
import { findStorage } from "../store/files/find-storage.ts";

/** The storage, guarded: all but `remove` throw ApiError UNAVAILABLE where it fails, with what it failed with as the cause. */
export interface FileStorage extends Pick<BlobStorage, "write" | "read" | "openLocally" | "remove"> {
  /** The largest file. */
  readonly mostBytes: number;
  /** Whether any node has used a storage and, if so, whether other nodes find here what this one writes. Says so where they do not. */
  check(): Promise<"unused" | "shared" | "apart">;
  /** @throws ApiError UNAVAILABLE where other nodes would not find here what this one writes */
  requireShared(): Promise<void>;
}

const remedy =
  "The files of this database lie in another storage than this node's: give all nodes the same S3 bucket, or the same shared data directory.";

/** Guards the storage of this node. */
export function createFileStorage(
  database: Database,
  storage: BlobStorage,
  mostBytes: number,
  log: Logger,
): FileStorage {
  let state: "unchecked" | "shared" | "apart" = "unchecked";

  function failed(error: unknown): never {
    log.warn({ err: error }, "the storage of files failed");
    throw unavailable("The storage of files cannot be reached, or does not do what it is asked.", error);
  }

  async function isShared(): Promise<boolean> {
    if (state === "shared") return true;
    const here = await storage.readIdentity().catch(failed);
    const proposed = here ?? randomUUID();
    // The database learns a new name only once the storage has it: a node killed in between has said nothing.
    const agreed = await database.transaction(async (sql) => {
      const name = await agreeOnStorage(sql, proposed);
      if (here === null && name === proposed) await storage.writeIdentity(name).catch(failed);
      return name;
    });
    if (agreed === proposed || agreed === (await storage.readIdentity().catch(failed))) {
      state = "shared";
      return true;
    }
    if (state === "unchecked") {
      log.error({}, `${remedy} Until then this node serves no buckets and runs no jobs on files.`);
    }
    state = "apart";
    return false;
  }

  async function check(): Promise<"unused" | "shared" | "apart"> {
    if ((await findStorage(database.sql)) === undefined) return "unused";
    return (await isShared()) ? "shared" : "apart";
  }

  return {
    mostBytes,
    // What the content fails with is whoever sends it to be told; how a full disk is told, whoever writes knows.
    write: (blobId, content) =>
      storage.write(blobId, content).catch((error: unknown) => {
        if (content.errored || isFull(error)) throw error;
        failed(error);
      }),
    read: (blobId, range) => storage.read(blobId, range).catch(failed),
    openLocally: (blobId, opening) =>
      storage.openLocally(blobId, opening).catch((error: unknown) => {
        opening?.signal?.throwIfAborted();
        failed(error);
      }),
    remove: storage.remove,
    check,
    async requireShared() {
      if (!(await isShared())) throw unavailable(remedy);
    },
  };
}

const full = new Set(["ENOSPC", "EDQUOT"]);

/** Whether an error says that a disk takes no more. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && full.has(String(error.code));
}
