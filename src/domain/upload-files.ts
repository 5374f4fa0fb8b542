import type { Readable } from "node:stream";
import type { Actor } from "../model/actor.ts";
import { ApiError, invalid, notFound, unavailable } from "../model/api-errors.ts";
import { faultOfFileName } from "../model/file-name.ts";
import { lockBucket } from "../store/buckets/lock-bucket.ts";
import { type NamedBlob, putFiles } from "../store/files/put-files.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireBucket } from "./steps/require-bucket.ts";
import { discard, storeBlob } from "./steps/store-blob.ts";

/** A file as it comes in. */
export interface IncomingFile {
  readonly filename: string;
  readonly content: Readable;
}

/**
 * Puts files into a bucket, in place of those that have their names: all of them, or none.
 *
 * @returns their names
 * @throws ApiError NOT_FOUND, VALIDATION_FAILED, PAYLOAD_TOO_LARGE, UNAVAILABLE
 */
export async function uploadFiles(
  context: Context,
  actor: Actor,
  bucketCode: string,
  incoming: AsyncIterable<IncomingFile>,
): Promise<string[]> {
  const { mostBytes } = context.storage;
  await readPatiently(context.database, (sql) => requireBucket(sql, actor, bucketCode));
  const stored = new Map<string, NamedBlob>();
  const replaced: string[] = [];
  try {
    let index = 0;
    for await (const { filename, content } of incoming) {
      const fault = faultOfFileName(filename);
      if (fault !== undefined) throw invalid([{ path: `/file[]/${index}`, message: `the file's name ${fault}` }]);
      const tooLarge = () =>
        new ApiError("PAYLOAD_TOO_LARGE", `The file ${JSON.stringify(filename)} is larger than ${mostBytes} bytes.`);
      const full = (cause: unknown) =>
        unavailable("The storage of this node is full; nothing of the file was kept.", cause);
      const before = stored.get(filename);
      if (before) replaced.push(before.blobId);
      const blob = await storeBlob(context, actor.customerCode, content, { mostBytes, tooLarge, full });
      stored.set(filename, { filename, ...blob });
      index += 1;
    }
    const files = [...stored.values()];
    if (files.length === 0) throw invalid([{ path: "/file[]", message: "holds no file: send at least one" }]);
    await inTransaction(context.database, async (sql) => {
      const bucketId = await lockBucket(sql, actor.customerCode, bucketCode);
      if (bucketId === undefined) throw notFound("bucket", bucketCode);
      const put = await putFiles(sql, bucketId, files);
      if (put.length < files.length)
        throw new ApiError("UNAVAILABLE", "The node was cut off while it stored the files; send them again.");
      const details = { files: files.slice(0, 20).map((file) => file.filename), count: files.length };
      await recordAudit(sql, context.clock, actor, "bucket.upload", bucketCode, details);
    });
    return files.map((file) => file.filename);
  } catch (error) {
    replaced.push(...[...stored.values()].map((file) => file.blobId));
    throw error;
  } finally {
    await discard(context, replaced);
  }
}
