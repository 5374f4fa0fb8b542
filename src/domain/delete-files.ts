import type { Actor } from "../model/actor.ts";
import { likeOfGlob } from "../model/file-name.ts";
import { deleteFiles as remove } from "../store/files/delete-files.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireBucket } from "./steps/require-bucket.ts";

/** Files that one call deletes at most. */
export const mostDeleted = 1_000;

/** Deletes the files of a bucket that a glob picks, the first 1,000 of them. @returns their names @throws ApiError NOT_FOUND */
export async function deleteFiles(context: Context, actor: Actor, bucketCode: string, glob: string): Promise<string[]> {
  return inTransaction(context.database, async (sql) => {
    const bucketId = await requireBucket(sql, actor, bucketCode);
    const deleted = await remove(sql, bucketId, { like: likeOfGlob(glob), limit: mostDeleted });
    const details = { pattern: glob, files: deleted.length };
    if (deleted.length > 0) await recordAudit(sql, context.clock, actor, "bucket.deleteFiles", bucketCode, details);
    return deleted;
  });
}
