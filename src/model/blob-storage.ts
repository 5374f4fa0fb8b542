import type { Readable } from "node:stream";

/** Bytes of a blob, both ends inclusive, from 0. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Bytes that can be read by their descriptor, at any place. */
export interface LocalFile {
  readonly descriptor: number;
  /** Whatever was made of it on the local disk goes with it. */
  close(): Promise<void>;
}

/** Port: where the bytes of files lie, on a disk, or in S3 and what speaks it. */
export interface BlobStorage {
  /** Stores a blob whole, or rejects; the content's own error rises as it is. */
  write(blobId: string, content: Readable): Promise<void>;
  /** Opens a blob; rejects where it is not there. */
  read(blobId: string, range?: ByteRange): Promise<Readable>;
  /** Opens a blob as a local file, with its first bytes at least where no more are wanted; rejects where it is not there. */
  openLocally(blobId: string, wantedBytes?: number): Promise<LocalFile>;
  /** Removes a blob and whatever a broken write has left of it; none is no fault. */
  remove(blobId: string): Promise<void>;
  /** What this storage was named by the first node that used it; null where none has. */
  readIdentity(): Promise<string | null>;
  writeIdentity(storageId: string): Promise<void>;
}
