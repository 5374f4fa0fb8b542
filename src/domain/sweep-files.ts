import { deleteBlobs } from "../store/files/delete-blobs.ts";
import { deleteOldOutcomes } from "../store/files/delete-old-outcomes.ts";
import { takeGarbage } from "../store/files/take-garbage.ts";
import type { Context } from "./context.ts";

const atOnce = 200;
const outcomesAtOnce = 5_000;

/** Removes bytes that no file has any more, and what jobs that are long over noted about files. One that cannot be removed stays for the next time. @returns how many went */
export async function sweepFiles({ database, storage, log }: Context): Promise<number> {
  while ((await deleteOldOutcomes(database.sql, outcomesAtOnce)) === outcomesAtOnce);
  if ((await storage.check()) !== "shared") return 0;
  let gone = 0;
  for (;;) {
    const blobIds = await takeGarbage(database.sql, atOnce);
    const removed: string[] = [];
    for (const blobId of blobIds) {
      await storage.remove(blobId).then(
        () => removed.push(blobId),
        (error: unknown) => log.warn({ err: error, blobId }, "bytes that nobody needs could not be removed"),
      );
    }
    if (removed.length > 0) await deleteBlobs(database.sql, removed);
    gone += removed.length;
    if (blobIds.length < atOnce || removed.length === 0) return gone;
  }
}
