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

/** How a blob is opened as a local file. */
export interface LocalOpening {
  /** Its first bytes suffice; all of them unless said. */
  readonly wantedBytes?: number;
  /** Ends the fetching of one that lies elsewhere. */
  readonly signal?: AbortSignal;
}

/** Port: where the bytes of files lie, on a disk, or in S3 and what speaks it. */
export interface BlobStorage {
  /** Stores a blob whole, or rejects; the content's own error rises as it is. */
  write(blobId: string, content: Readable): Promise<void>;
  /** Opens a blob; rejects where it is not there. */
  read(blobId: string, range?: ByteRange): Promise<Readable>;
  /** Opens a blob as a local file; rejects where it is not there, and with the reason of the signal. */
  openLocally(blobId: string, opening?: LocalOpening): Promise<LocalFile>;
  /** Removes a blob and whatever a broken write has left of it; none is no fault. */
  remove(blobId: string): Promise<void>;
  /** What this storage was named by the first node that used it; null where none has. */
  readIdentity(): Promise<string | null>;
  writeIdentity(storageId: string): Promise<void>;
}
