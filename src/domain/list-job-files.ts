import type { BucketFile } from "../model/bucket.ts";
import { likeOfGlob } from "../model/file-name.ts";
import { listFiles } from "../store/files/list-files.ts";
import type { Context } from "./context.ts";
import { readForJob, requireJobBucket } from "./steps/job-storage.ts";

const atOnce = 500;

/** Lists files of a customer's bucket for a job, by name, page by page. @throws JobError BUCKET_NOT_FOUND */
export async function* listJobFiles(
  context: Context,
  customerCode: string,
  bucketCode: string,
  glob: string,
): AsyncGenerator<BucketFile> {
  const like = likeOfGlob(glob);
  let after: string | null = null;
  for (;;) {
    const from = after;
    const page: BucketFile[] = await readForJob(context, async (sql) => {
      const bucketId = await requireJobBucket(sql, customerCode, bucketCode);
      return listFiles(sql, bucketId, { after: from, like, limit: atOnce });
    });
    yield* page;
    after = page.at(-1)?.filename ?? null;
    if (page.length < atOnce) return;
  }
}
