/** What jobs do with buckets and storage, with faults that are theirs. */
import type { Readable } from "node:stream";
import { ApiError } from "../../model/api-errors.ts";
import type { StoredBlob } from "../../model/bucket.ts";
import { faultOfFileName } from "../../model/file-name.ts";
import { JobError } from "../../model/job-errors.ts";
import { findBucket } from "../../store/buckets/find-bucket.ts";
import { holdsClaim } from "../../store/jobs/holds-claim.ts";
import type { Sql } from "../../store/sql.ts";
import type { ClaimedJob } from "../claim-jobs.ts";
import type { Context } from "../context.ts";
import { isFull } from "../file-storage.ts";
import { storeBlob } from "./store-blob.ts";

/** About as long as a node's lease: after that the job may run elsewhere. */
const tryForMs = 25_000;

/** Reads, and again while the database is away for a moment. */
export function readForJob<T>({ database }: Context, read: (sql: Sql) => Promise<T>): Promise<T> {
  return database.repeatable(read, tryForMs);
}

/** Writes in one transaction while this node holds the job's claim, and again while the database is away: `write` knows what it has written before. */
export function writeForJob<T>({ database }: Context, job: ClaimedJob, write: (sql: Sql) => Promise<T>): Promise<T> {
  const inOne = async (sql: Sql): Promise<T> => {
    const written = await write(sql);
    if (await holdsClaim(sql, job.id, job.claim)) return written;
    throw new Error("The job was taken from this node; it runs elsewhere.");
  };
  return database.repeatable(() => database.transaction(inOne), tryForMs);
}

/** A bucket's id. @throws JobError BUCKET_NOT_FOUND */
export async function requireJobBucket(sql: Sql, customerCode: string, bucketCode: string): Promise<string> {
  const bucketId = await findBucket(sql, customerCode, bucketCode);
  if (bucketId === undefined) throw bucketNotFound(bucketCode);
  return bucketId;
}

/** The bucket is not there, or no more. */
export function bucketNotFound(bucketCode: string): JobError {
  return new JobError("BUCKET_NOT_FOUND", `There is no bucket ${JSON.stringify(bucketCode)}.`, {
    details: { bucketCode },
  });
}

/** Refuses a name that no file may have. @throws JobError INVALID_PARAMS */
export function requireFileName(filename: string): void {
  const fault = faultOfFileName(filename);
  if (fault !== undefined) {
    const shown = JSON.stringify(filename.slice(0, 300));
    throw new JobError("INVALID_PARAMS", `The file's name ${fault}: ${shown}.`);
  }
}

/**
 * Writes bytes to storage for a job; they have no name yet.
 *
 * @throws what the content failed with, JobError FILE_TOO_LARGE, STORAGE_FULL, STORAGE_UNAVAILABLE
 */
export async function storeForJob(
  context: Context,
  { customerCode }: ClaimedJob,
  filename: string,
  content: Readable,
  wished = Number.POSITIVE_INFINITY,
): Promise<StoredBlob> {
  const mostBytes = Math.min(wished, context.storage.mostBytes);
  const limit = wished <= context.storage.mostBytes ? "the most that was asked for" : "PUNCTUAL_MAX_FILE_BYTES";
  const tooLarge = () =>
    new JobError("FILE_TOO_LARGE", `${JSON.stringify(filename)} would be larger than ${mostBytes} bytes, ${limit}.`, {
      details: { filename, mostBytes },
    });
  const full = (cause: unknown) =>
    new JobError("STORAGE_FULL", `The storage is full; nothing of ${JSON.stringify(filename)} was kept.`, { cause });
  return storeBlob(context, customerCode, content, { mostBytes, tooLarge, full }).catch(storageFault);
}

/** Rethrows a fault of the storage as a job's. @throws JobError STORAGE_UNAVAILABLE, STORAGE_FULL */
export function storageFault(error: unknown): never {
  if (error instanceof ApiError && error.code === "UNAVAILABLE") {
    if (isFull(error.cause)) {
      throw new JobError("STORAGE_FULL", "The node's temporary folder has no room for the file.", { cause: error });
    }
    throw new JobError("STORAGE_UNAVAILABLE", error.message, { cause: error });
  }
  throw error;
}
