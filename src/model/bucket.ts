/** A customer's named folder of files. */
export interface Bucket {
  readonly bucketId: string;
  readonly bucketCode: string;
  readonly name: string;
  /** Counted up to 10,000. */
  readonly fileCount: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** A file in a bucket. */
export interface BucketFile {
  readonly filename: string;
  /** Where its bytes lie in storage. */
  readonly blobId: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly createdAt: Date;
}

/** Bytes that have been stored whole and have no file yet. */
export interface StoredBlob {
  readonly blobId: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** The buckets that a new customer has. */
export const firstBuckets = ["incoming", "processed", "skipped", "invalid"] as const;
