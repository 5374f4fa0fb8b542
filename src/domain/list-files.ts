import type { Actor } from "../model/actor.ts";
import type { BucketFile } from "../model/bucket.ts";
import { likeOfGlob } from "../model/file-name.ts";
import { listFiles as list } from "../store/files/list-files.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { requireBucket } from "./steps/require-bucket.ts";

/** Lists files of a bucket by name, from behind `after`. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function listFiles(
  context: Context,
  actor: Pick<Actor, "customerCode">,
  bucketCode: string,
  { after, glob, limit }: { after: string | null; glob: string | null; limit: number },
): Promise<BucketFile[]> {
  return readPatiently(context.database, async (sql) => {
    const bucketId = await requireBucket(sql, actor, bucketCode);
    return list(sql, bucketId, { after, like: glob === null ? null : likeOfGlob(glob), limit });
  });
}
