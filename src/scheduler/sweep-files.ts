/**
 * Removes bytes that no file has any more: those of deleted and replaced files, and what broken writes have left.
 *
 * Invariant: what somebody may still be reading stays for a quarter of an hour.
 */
import type { Context } from "../domain/context.ts";
import { sweepFiles } from "../domain/sweep-files.ts";
import { type Service, service } from "../runtime/service.ts";

const everyMs = 60_000;

/** Makes the service. */
export function createSweepFiles(context: Context): Service {
  return service("sweep-files", { everyMs }, context.log, async () => {
    const gone = await sweepFiles(context);
    if (gone > 0) context.log.info({ blobs: gone }, "removed bytes that no file had any more");
  });
}
