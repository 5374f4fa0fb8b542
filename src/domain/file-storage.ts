/**
 * The storage of this node, and whether it is the one that all nodes of the database use.
 *
 * States: unchecked → shared, or apart (its name is not the database's: other nodes would not find what is written here). Invariants:
 * nothing is read or written while it is apart; a storage that is apart or unreachable is asked again the next time.
 */
import { randomUUID } from "node:crypto";
import { unavailable } from "../model/api-errors.ts";
import type { BlobStorage } from "../model/blob-storage.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { agreeOnStorage } from "../store/files/agree-on-storage.ts";
import { findStorage } from "../store/files/find-storage.ts";

/** The storage, guarded. */
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

  async function isShared(): Promise<boolean> {
    if (state === "shared") return true;
    const here = await storage.readIdentity();
    const proposed = here ?? randomUUID();
    // The database learns a new name only once the storage has it: a node killed in between has said nothing.
    const agreed = await database.transaction(async (sql) => {
      const name = await agreeOnStorage(sql, proposed);
      if (here === null && name === proposed) await storage.writeIdentity(name);
      return name;
    });
    if (agreed === proposed || agreed === (await storage.readIdentity())) {
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
    write: storage.write,
    read: storage.read,
    openLocally: storage.openLocally,
    remove: storage.remove,
    check,
    async requireShared() {
      if (!(await isShared())) throw unavailable(remedy);
    },
  };
}
