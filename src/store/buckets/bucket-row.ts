import type { Bucket } from "../../model/bucket.ts";

/** A row of `bucket`, with the count of its files. */
export interface BucketRow {
  readonly bucket_id: string;
  readonly bucket_code: string;
  readonly name: string;
  readonly file_count: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** The bucket of a row. */
export function toBucket(row: BucketRow): Bucket {
  return {
    bucketId: row.bucket_id,
    bucketCode: row.bucket_code,
    name: row.name,
    fileCount: row.file_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
