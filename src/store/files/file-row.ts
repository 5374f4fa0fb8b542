import type { BucketFile } from "../../model/bucket.ts";

/** A row of `bucket_file`. */
export interface FileRow {
  readonly filename: string;
  readonly blob_id: string;
  readonly bytes: string;
  readonly sha256: string;
  readonly created_at: Date;
}

/** The file of a row. */
export function toFile(row: FileRow): BucketFile {
  return {
    filename: row.filename,
    blobId: row.blob_id,
    bytes: Number(row.bytes),
    sha256: row.sha256,
    createdAt: row.created_at,
  };
}
