/**
 * Blobs in S3, or in what speaks it: one object each. A write that breaks is aborted, and leaves no object.
 */
import { randomUUID } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { DeleteObjectCommand, GetObjectCommand, NoSuchKey, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import type { BlobStorage, ByteRange } from "../model/blob-storage.ts";

/** How the storage is reached. */
export interface S3Options {
  readonly bucket: string;
  /** null: Amazon's own. */
  readonly endpoint: string | null;
  readonly region: string;
  /** null: what the SDK finds in its environment. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** Before every key; may be empty. */
  readonly prefix: string;
}

/** Bytes of one part of a large object, of which four are under way at once. */
const partBytes = 8 * 1024 * 1024;

/** Opens the storage. */
export function openS3Storage({ bucket, endpoint, region, credentials, prefix }: S3Options): BlobStorage {
  const client = new S3Client({
    region,
    ...(endpoint !== null && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
    // What is not Amazon's often stores the framing of checksums into the object.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const place = (name: string) => ({ Bucket: bucket, Key: prefix + name });
  const keyOf = (blobId: string) => `blobs/${blobId.slice(-2)}/${blobId}`;
  const identity = place("storage-id");

  async function read(blobId: string, range?: ByteRange, signal?: AbortSignal): Promise<Readable> {
    const request = { ...place(keyOf(blobId)), ...(range && { Range: `bytes=${range.first}-${range.last}` }) };
    const { Body } = await client.send(new GetObjectCommand(request), signal && { abortSignal: signal });
    if (Body instanceof Readable) return Body;
    throw new Error("S3 answered an object without a stream");
  }

  return {
    async write(blobId, content) {
      const upload = new Upload({
        client,
        params: { ...place(keyOf(blobId)), Body: content },
        partSize: partBytes,
        queueSize: 4,
        leavePartsOnError: false,
      });
      // An error of the content does not end the upload by itself.
      content.once("error", () => void upload.abort());
      await upload.done().catch((error: unknown) => {
        throw content.errored ?? error;
      });
      if (content.errored) throw content.errored;
    },
    read: (blobId, range) => read(blobId, range),
    async openLocally(blobId, { wantedBytes, signal } = {}) {
      const path = join(tmpdir(), `punctual-${randomUUID()}`);
      const handle = await open(path, "wx+", 0o600);
      try {
        // Without a name it goes with its last reader, also when the node is killed.
        await rm(path);
        const range = wantedBytes === undefined ? undefined : { first: 0, last: wantedBytes - 1 };
        const copy = async (content: AsyncIterable<Buffer>): Promise<void> => {
          for await (const chunk of content) await handle.writeFile(chunk);
        };
        await pipeline(await read(blobId, range, signal), copy, { ...(signal && { signal }) });
        return { descriptor: handle.fd, close: () => handle.close() };
      } catch (error) {
        await handle.close();
        signal?.throwIfAborted();
        throw error;
      }
    },
    async remove(blobId) {
      await client.send(new DeleteObjectCommand(place(keyOf(blobId))));
    },
    async readIdentity() {
      try {
        const { Body } = await client.send(new GetObjectCommand(identity));
        return (await Body?.transformToString()) ?? null;
      } catch (error) {
        if (error instanceof NoSuchKey) return null;
        throw error;
      }
    },
    async writeIdentity(storageId) {
      await client.send(new PutObjectCommand({ ...identity, Body: storageId }));
    },
  };
}
