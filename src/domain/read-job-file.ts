import type { ByteRange } from "../model/blob-storage.ts";
import { JobError } from "../model/job-errors.ts";
import type { OpenJobFile } from "../model/job-files.ts";
import { findFile } from "../store/files/find-file.ts";
import type { Context } from "./context.ts";
import { readForJob, requireJobBucket, storageFault } from "./steps/job-storage.ts";

/**
 * Opens a file for a job; its bytes can be read for some minutes also when it is deleted meanwhile.
 *
 * @throws JobError BUCKET_NOT_FOUND, FILE_NOT_FOUND, STORAGE_UNAVAILABLE
 */
export async function readJobFile(
  context: Context,
  customerCode: string,
  bucketCode: string,
  filename: string,
  range?: ByteRange,
): Promise<OpenJobFile> {
  const file = await readForJob(context, async (sql) => {
    await requireJobBucket(sql, customerCode, bucketCode);
    return findFile(sql, customerCode, bucketCode, filename);
  });
  if (!file) throw fileNotFound(bucketCode, filename);
  await context.storage.requireShared().catch(storageFault);
  const stream = await context.storage.read(file.blobId, range).catch(storageFault);
  return { filename, bytes: file.bytes, sha256: file.sha256, stream };
}

function fileNotFound(bucketCode: string, filename: string): JobError {
  const shown = JSON.stringify(filename.slice(0, 300));
  return new JobError("FILE_NOT_FOUND", `The bucket ${bucketCode} has no file ${shown}.`, {
    details: { bucketCode, filename },
  });
}
