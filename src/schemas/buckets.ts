import Type from "typebox";
import { longestFilePattern } from "../model/file-name.ts";
import { Code, closed, NextCursor, Page, ReadOnly, Timestamp } from "./primitives.ts";

/** Address of one bucket. */
export const BucketPath = Type.Object({ bucketCode: Code });

const Name = Type.String({ minLength: 1, maxLength: 200 });

/** Body of `PUT /buckets/{bucketCode}`; may be absent. */
export const PutBucket = closed({
  dataBucketEntry: Type.Optional(
    closed({
      name: Type.Optional(Name),
      bucketCode: ReadOnly,
      fileCount: ReadOnly,
      createdAt: ReadOnly,
      updatedAt: ReadOnly,
    }),
  ),
});

const Bucket = Type.Object(
  {
    bucketCode: Type.String(),
    name: Name,
    fileCount: Type.Integer({ minimum: 0, maximum: 10_000, description: "Counted up to 10,000." }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
  },
  { $id: "Bucket" },
);

/** One bucket. */
export const BucketAnswer = Type.Object({ dataBucketEntry: Bucket });

/** A page of `GET /buckets`. */
export const BucketList = Type.Object({ buckets: Type.Array(Bucket), nextCursor: NextCursor });

/** Query of `DELETE /buckets/{bucketCode}`. */
export const DeleteBucketQuery = closed({
  force: Type.Optional(Type.Boolean({ description: "Deletes the bucket's files too." })),
});

const pattern = {
  minLength: 1,
  maxLength: longestFilePattern,
  examples: ["orders_*.csv"],
};

/** Query of `GET /buckets/{bucketCode}/files`. */
export const FileQuery = closed({
  pattern: Type.Optional(
    Type.String({ ...pattern, description: "Only files whose whole name fits: * is any text, ? one character." }),
  ),
  ...Page,
});

/** Query of `DELETE /buckets/{bucketCode}/files`. */
export const DeleteFilesQuery = closed({
  pattern: Type.String({ ...pattern, description: "The files whose whole name fits: * is any text, ? one character." }),
});

const BucketFile = Type.Object(
  {
    filename: Type.String(),
    bytes: Type.Integer({ minimum: 0 }),
    sha256: Type.String({ description: "Lower-case hex." }),
    createdAt: Timestamp,
  },
  { $id: "BucketFile" },
);

/** A page of `GET /buckets/{bucketCode}/files`. */
export const FileList = Type.Object({ files: Type.Array(BucketFile), nextCursor: NextCursor });

/** Answer of `DELETE /buckets/{bucketCode}/files`. */
export const FilesDeleted = Type.Object({
  filenames: Type.Array(Type.String(), {
    description: "What was deleted, 1,000 at most: call again until it is empty.",
  }),
});

/** Answer of `POST /buckets/{bucketCode}/upload`. */
export const FilesUploaded = Type.Array(Type.Object({ filename: Type.String(), message: Type.String() }));

/** Query of `GET /buckets/{bucketCode}/download`. */
export const DownloadQuery = closed({ filename: Type.String({ minLength: 1, maxLength: 255 }) });

/** The bytes of a file. */
export const FileBytes = Type.String({ format: "binary", description: "The file's bytes." });
