import type { BucketFile } from "../../model/bucket.ts";
import { findFile } from "../../store/files/find-file.ts";
import { takeFile } from "../../store/files/take-file.ts";
import type { ClaimedJob } from "../claim-jobs.ts";
import type { Context } from "../context.ts";
import { readForJob, requireJobBucket } from "./job-storage.ts";

/**
 * Takes a file, so that no other job works on it.
 *
 * @returns `held` where another unfinished job has it; `gone` where it is not there any more
 * @throws JobError BUCKET_NOT_FOUND
 */
export function takeForJob(
  context: Context,
  { id, customerCode }: ClaimedJob,
  bucketCode: string,
  filename: string,
): Promise<BucketFile | "held" | "gone"> {
  return readForJob(context, async (sql) => {
    const bucketId = await requireJobBucket(sql, customerCode, bucketCode);
    const file = await takeFile(sql, bucketId, filename, id);
    return file ?? ((await findFile(sql, customerCode, bucketCode, filename)) ? "held" : "gone");
  });
}
