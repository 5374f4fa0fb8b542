import type { Readable } from "node:stream";
import type { JobFile } from "../model/job-files.ts";
import { lockBucket } from "../store/buckets/lock-bucket.ts";
import { findFile } from "../store/files/find-file.ts";
import { putFiles } from "../store/files/put-files.ts";
import type { ClaimedJob } from "./claim-jobs.ts";
import type { Context } from "./context.ts";
import {
  bucketNotFound,
  readForJob,
  requireFileName,
  requireJobBucket,
  storeForJob,
  writeForJob,
} from "./steps/job-storage.ts";
import { discard } from "./steps/store-blob.ts";

/**
 * Writes a file for a job, in place of one that has its name, while this node holds the job's claim.
 *
 * @throws what the content failed with, JobError BUCKET_NOT_FOUND, FILE_TOO_LARGE, STORAGE_FULL, STORAGE_UNAVAILABLE, INVALID_PARAMS
 */
export async function writeJobFile(
  context: Context,
  job: ClaimedJob,
  bucketCode: string,
  filename: string,
  content: Readable,
  { mostBytes, signal }: { readonly mostBytes: number | undefined; readonly signal: AbortSignal },
): Promise<JobFile> {
  const { customerCode } = job;
  requireFileName(filename);
  await readForJob(context, (sql) => requireJobBucket(sql, customerCode, bucketCode));
  const blob = await storeForJob(context, job, filename, content, mostBytes);
  try {
    signal.throwIfAborted();
    await writeForJob(context, job, async (sql) => {
      const bucketId = await lockBucket(sql, customerCode, bucketCode);
      if (bucketId === undefined) throw bucketNotFound(bucketCode);
      const put = await putFiles(sql, bucketId, [{ filename, ...blob }]);
      if (put.length > 0) return;
      // A commit whose answer was lost has named it already.
      const found = await findFile(sql, customerCode, bucketCode, filename);
      if (found?.blobId !== blob.blobId) throw new Error("The node was cut off while it stored the file.");
    });
  } catch (error) {
    await discard(context, [blob.blobId]);
    throw error;
  }
  return { filename, bytes: blob.bytes, sha256: blob.sha256 };
}
