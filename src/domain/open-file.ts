import type { Readable } from "node:stream";
import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { ByteRange } from "../model/blob-storage.ts";
import type { BucketFile } from "../model/bucket.ts";
import { findFile } from "../store/files/find-file.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { requireBucket } from "./steps/require-bucket.ts";

/** A file that is there, and how to read it. */
export interface OpenableFile extends BucketFile {
  open(range?: ByteRange): Promise<Readable>;
}

/** Finds a file; its bytes can be read for some minutes also when it is deleted meanwhile. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function openFile(
  context: Context,
  actor: Pick<Actor, "customerCode">,
  bucketCode: string,
  filename: string,
): Promise<OpenableFile> {
  const file = await readPatiently(context.database, async (sql) => {
    await requireBucket(sql, actor, bucketCode);
    return findFile(sql, actor.customerCode, bucketCode, filename);
  });
  if (!file) throw notFound("file", filename);
  await context.storage.requireShared();
  return { ...file, open: (range) => context.storage.read(file.blobId, range) };
}
