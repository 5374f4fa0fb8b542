import type { Actor } from "../model/actor.ts";
import { likeOfGlob, likeOfName } from "../model/file-name.ts";
import { deleteFiles as remove } from "../store/files/delete-files.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireBucket } from "./steps/require-bucket.ts";

/** Files that one call deletes at most. */
export const mostDeleted = 1_000;

/** Which files: those that a glob picks, or the one of a name. */
export type DoomedFiles = { readonly pattern: string } | { readonly filename: string };

/** Deletes files of a bucket, the first 1,000 of them. @returns their names @throws ApiError NOT_FOUND */
export async function deleteFiles(
  context: Context,
  actor: Actor,
  bucketCode: string,
  doomed: DoomedFiles,
): Promise<string[]> {
  const like = "pattern" in doomed ? likeOfGlob(doomed.pattern) : likeOfName(doomed.filename);
  return inTransaction(context.database, async (sql) => {
    const bucketId = await requireBucket(sql, actor, bucketCode);
    const deleted = await remove(sql, bucketId, { like, limit: mostDeleted });
    const details = { ...doomed, files: deleted.length };
    if (deleted.length > 0) await recordAudit(sql, context.clock, actor, "bucket.deleteFiles", bucketCode, details);
    return deleted;
  });
}
