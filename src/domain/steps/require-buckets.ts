import type { FilesRequest } from "../../model/file-params.ts";
import type { Context } from "../context.ts";
import { readForJob, requireJobBucket } from "./job-storage.ts";

/** Looks whether all buckets of a request are there, before hours of work. @throws JobError BUCKET_NOT_FOUND */
export async function requireBuckets(context: Context, customerCode: string, request: FilesRequest): Promise<void> {
  const { incomingBucketCode, skippedBucketCode, processedBucketCode, invalidBucketCode, target } = request;
  const codes = [
    incomingBucketCode,
    skippedBucketCode,
    processedBucketCode,
    invalidBucketCode,
    target?.targetBucketCode,
  ];
  await readForJob(context, async (sql) => {
    for (const code of new Set(codes)) if (code !== undefined) await requireJobBucket(sql, customerCode, code);
  });
}
