/**
 * Blobs on the local disk: one file each, named by the blob's id alone, so that no name of a customer's reaches the disk.
 *
 * States of a blob here: absent → part (being written) → whole. Invariants: what has the blob's own name is whole and has
 * reached the disk; a part is never read; removing what is not there is no fault.
 */
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { BlobStorage, ByteRange } from "../model/blob-storage.ts";

/** Opens the storage in a folder, which is made when it is first needed. */
export function openDiskStorage(folder: string): BlobStorage {
  const identityFile = join(folder, "storage-id");
  const pathOf = (blobId: string) => join(folder, blobId.slice(-2), blobId);

  return {
    async write(blobId, content) {
      const path = pathOf(blobId);
      const part = `${path}.part`;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      // `flush`: the bytes are on the disk before the name says that they are whole.
      await pipeline(content, createWriteStream(part, { flags: "wx", mode: 0o600, flush: true }));
      await rename(part, path);
      await flushFolder(dirname(path));
    },
    async read(blobId, range?: ByteRange): Promise<Readable> {
      const handle = await open(pathOf(blobId), "r");
      return createReadStream("", { fd: handle, ...(range && { start: range.first, end: range.last }) });
    },
    async openLocally(blobId) {
      const handle = await open(pathOf(blobId), "r");
      return { descriptor: handle.fd, close: () => handle.close() };
    },
    async remove(blobId) {
      await rm(pathOf(blobId), { force: true });
      await rm(`${pathOf(blobId)}.part`, { force: true });
    },
    async readIdentity() {
      return readFile(identityFile, "utf8").catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
        throw error;
      });
    },
    async writeIdentity(storageId) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFile(identityFile, storageId, { flush: true, mode: 0o600 });
    },
  };
}

async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
