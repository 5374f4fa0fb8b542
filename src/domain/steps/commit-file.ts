import type { BucketFile } from "../../model/bucket.ts";
import type { FileOutcome } from "../../model/file-params.ts";
import { lockBucket } from "../../store/buckets/lock-bucket.ts";
import { displaceFile } from "../../store/files/displace-file.ts";
import { findOutcome } from "../../store/files/find-outcome.ts";
import { insertOutcome } from "../../store/files/insert-outcome.ts";
import { moveFile } from "../../store/files/move-file.ts";
import { type NamedBlob, putFiles } from "../../store/files/put-files.ts";
import { releaseFile } from "../../store/files/release-file.ts";
import type { Sql } from "../../store/sql.ts";
import type { ClaimedJob } from "../claim-jobs.ts";
import type { Context } from "../context.ts";
import { bucketNotFound, writeForJob } from "./job-storage.ts";

/** What is to be written about one file. */
export interface FileCommit {
  readonly source: Pick<BucketFile, "filename" | "blobId">;
  readonly bucketCode: string;
  /** null: it stays. */
  readonly moveTo: string | null;
  readonly target: { readonly bucketCode: string; readonly blob: NamedBlob } | null;
  /** Lies beside the source, wherever that is then. */
  readonly errors: NamedBlob | null;
  readonly outcome: Omit<FileOutcome, "filename" | "target" | "errors" | "movedTo">;
}

/**
 * Writes all that a job has made of a file, in one transaction: the target, the errors, the move of the source if it still is what was read, and the outcome.
 * What was written before is not written again.
 *
 * @throws JobError BUCKET_NOT_FOUND
 */
export function commitFile(context: Context, job: ClaimedJob, commit: FileCommit): Promise<FileOutcome> {
  const { source, bucketCode, moveTo, target, errors } = commit;
  const { filename, blobId } = source;
  return writeForJob(context, job, async (sql) => {
    const buckets = await lockBuckets(sql, job.customerCode, [bucketCode, moveTo, target?.bucketCode]);
    // A commit whose answer was lost has done all of it.
    const before = await findOutcome(sql, job.id, filename);
    if (before) return before;
    const from = buckets(bucketCode);
    let movedTo: string | null = null;
    if (moveTo !== null && moveTo !== bucketCode) {
      const move = { from, to: buckets(moveTo), filename, blobId };
      await displaceFile(sql, move);
      if (await moveFile(sql, move)) movedTo = moveTo;
    }
    await releaseFile(sql, from, filename, job.id);
    const beside = movedTo ?? bucketCode;
    const outcome: FileOutcome = {
      filename,
      ...commit.outcome,
      target: target && namedIn(target.bucketCode, target.blob),
      errors: errors && namedIn(beside, errors),
      movedTo,
    };
    await insertOutcome(sql, job.id, outcome);
    if (target) await put(sql, buckets(target.bucketCode), target.blob);
    if (errors) await put(sql, buckets(beside), errors);
    return outcome;
  });
}

function namedIn(bucketCode: string, { filename, bytes }: NamedBlob): NonNullable<FileOutcome["target"]> {
  return { bucketCode, filename, bytes };
}

async function put(sql: Sql, bucketId: string, blob: NamedBlob): Promise<void> {
  if ((await putFiles(sql, bucketId, [blob])).length === 0) {
    throw new Error("The node was cut off while it stored the file.");
  }
}

/** In the order of their codes, so that no two wait for one another. */
async function lockBuckets(
  sql: Sql,
  customerCode: string,
  codes: readonly (string | null | undefined)[],
): Promise<(code: string) => string> {
  const ids = new Map<string, string>();
  for (const code of [...new Set(codes)].filter((one) => typeof one === "string").sort()) {
    const bucketId = await lockBucket(sql, customerCode, code);
    if (bucketId === undefined) throw bucketNotFound(code);
    ids.set(code, bucketId);
  }
  return (code) => ids.get(code) ?? missing(code);
}

function missing(code: string): never {
  throw bucketNotFound(code);
}
