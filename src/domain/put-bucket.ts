import type { Actor } from "../model/actor.ts";
import type { Bucket } from "../model/bucket.ts";
import { listBuckets } from "../store/buckets/list-buckets.ts";
import { putBucket as put } from "../store/buckets/put-bucket.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Makes a bucket, or gives it another name. */
export async function putBucket(
  context: Context,
  actor: Actor,
  bucketCode: string,
  name: string,
): Promise<{ bucket: Bucket; outcome: "created" | "changed" }> {
  return inTransaction(context.database, async (sql) => {
    const outcome = await put(sql, actor.customerCode, { bucketId: context.clock.newId(), bucketCode, name });
    await recordAudit(sql, context.clock, actor, outcome === "created" ? "bucket.create" : "bucket.update", bucketCode);
    const [bucket] = await listBuckets(sql, actor.customerCode, { after: null, only: bucketCode, limit: 1 });
    if (!bucket) throw new Error("a bucket vanished in the transaction that wrote it");
    return { bucket, outcome };
  });
}
