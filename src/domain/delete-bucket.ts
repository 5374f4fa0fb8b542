import type { Actor } from "../model/actor.ts";
import { conflict, notFound } from "../model/api-errors.ts";
import { deleteBucket as remove } from "../store/buckets/delete-bucket.ts";
import { lockBucket } from "../store/buckets/lock-bucket.ts";
import { deleteFiles } from "../store/files/delete-files.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Files that go in one transaction. */
const atOnce = 1_000;

/**
 * Deletes a bucket: one that is empty, or, with force, its files too. Where force is cut short, what is left of it can be deleted
 * again.
 *
 * @throws ApiError NOT_FOUND, CONFLICT where it has files
 */
export async function deleteBucket(
  context: Context,
  actor: Actor,
  bucketCode: string,
  files: "mustBeNone" | "goToo",
): Promise<void> {
  for (;;) {
    const isGone = await inTransaction(context.database, async (sql) => {
      const bucketId = await lockBucket(sql, actor.customerCode, bucketCode);
      if (bucketId === undefined) throw notFound("bucket", bucketCode);
      if (files === "goToo") await deleteFiles(sql, bucketId, { like: null, limit: atOnce });
      if (!(await remove(sql, bucketId))) return false;
      await recordAudit(sql, context.clock, actor, "bucket.delete", bucketCode);
      return true;
    });
    if (isGone) return;
    if (files === "mustBeNone") {
      throw conflict(
        `The bucket ${bucketCode} has files: delete them first, or send ?force=true to delete them with it.`,
      );
    }
  }
}
