import { createHash } from "node:crypto";
import { type Readable, Transform } from "node:stream";
import type { StoredBlob } from "../../model/bucket.ts";
import { discardBlobs } from "../../store/files/discard-blobs.ts";
import { insertBlob } from "../../store/files/insert-blob.ts";
import type { Context } from "../context.ts";
import { isFull } from "../file-storage.ts";

/** What bounds a blob, and what is said of one that breaks a bound. */
export interface BlobBounds {
  readonly mostBytes: number;
  tooLarge(): Error;
  /** The storage takes no more. */
  full(cause: unknown): Error;
}

/**
 * Writes bytes to storage, counted and hashed on their way; they have no name yet.
 *
 * @throws what the content failed with, what `tooLarge` and `full` make, ApiError UNAVAILABLE where the storage is apart
 */
export async function storeBlob(
  context: Context,
  customerCode: string,
  content: Readable,
  bounds: BlobBounds,
): Promise<StoredBlob> {
  const { database, node, storage } = context;
  const blobId = context.clock.newId();
  const hash = createHash("sha256");
  let bytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > bounds.mostBytes) return done(bounds.tooLarge());
      hash.update(chunk);
      done(null, chunk);
    },
  });
  // It may break before the storage has begun to read it; it is asked below.
  measured.on("error", () => undefined);
  const cutOff = () => new Error("the content ended before it was whole");
  content.on("error", (error) => measured.destroy(error));
  content.once("close", () => {
    if (!content.readableEnded) measured.destroy(content.errored ?? cutOff());
  });
  if (content.destroyed) measured.destroy(content.errored ?? cutOff());
  try {
    await storage.requireShared();
    await insertBlob(database.sql, customerCode, blobId, node.nodeId);
    if (measured.errored) throw measured.errored;
    await storage.write(blobId, content.pipe(measured));
    return { blobId, bytes, sha256: hash.digest("hex") };
  } catch (error) {
    const fault = measured.errored ?? error;
    content.destroy();
    await discard(context, [blobId]);
    throw isFull(fault) ? bounds.full(fault) : fault;
  }
}

/** Gives up blobs that get no name; where that cannot be noted they go when this node is no more. */
export async function discard({ database, log }: Context, blobIds: readonly string[]): Promise<void> {
  if (blobIds.length === 0) return;
  await discardBlobs(database.sql, blobIds).catch((error: unknown) => {
    log.warn({ err: error, blobs: blobIds.length }, "bytes that nobody needs stay in storage for now");
  });
}
