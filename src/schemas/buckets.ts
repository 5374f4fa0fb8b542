import Type from "typebox";
import { longestFilePattern } from "../model/file-name.ts";
import { recordParams } from "../model/file-params.ts";
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
  pattern: Type.Optional(
    Type.String({ ...pattern, description: "The files whose whole name fits: * is any text, ? one character." }),
  ),
  filename: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: "In place of pattern: the one file of this name." }),
  ),
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

const FileName = Type.String({ minLength: 1, maxLength: 255 });

/** Query of `GET /buckets/{bucketCode}/download`. */
export const DownloadQuery = closed({ filename: FileName });

/** Body of `POST /buckets/{bucketCode}/_preview`. */
export const PreviewFile = closed({
  filename: Type.Optional(FileName),
  rejectsOf: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: "In place of filename: a file of errors, whose records are run again.",
    }),
  ),
  ...recordParams,
});

const PreviewedRecord = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    line: Type.Union([Type.Integer(), Type.Null()]),
    identifier: Type.Unknown({ description: "What recordIdentifierField names; null where nothing." }),
    outcome: Type.Enum(["valid", "dropped", "refused"]),
    steps: Type.Array(
      Type.Object({
        step: Type.String({ description: "parse, sourceSchema, transformers/0, transformers/0/schema, targetSchema" }),
        value: Type.Unknown({ description: "What the step left of the record; null where it is over 64 KiB of JSON." }),
        cut: Type.Union([Type.String(), Type.Null()], { description: "Then: how its JSON begins." }),
      }),
    ),
    problems: Type.Array(
      Type.Object({
        step: Type.String(),
        pointer: Type.String({ description: "JSON Pointer into the record as that step saw it." }),
        message: Type.String(),
      }),
      { description: "Why it was refused: ten at most." },
    ),
  },
  { $id: "PreviewedRecord" },
);

/** Answer of `POST /buckets/{bucketCode}/_preview`. */
export const FilePreview = Type.Object({
  filename: Type.String(),
  bytes: Type.Integer({ minimum: 0 }),
  records: Type.Array(PreviewedRecord, { description: "The first 20; fewer where they are large." }),
  complete: Type.Boolean({ description: "Whether these are all records of the file." }),
  fault: Type.Union([
    Type.Object({
      about: Type.Enum(["file", "preview"], {
        description: "file: a job would find it unreadable too. preview: only the bounds of a preview are met.",
      }),
      message: Type.String(),
      line: Type.Union([Type.Integer(), Type.Null()]),
      afterRecord: Type.Integer({ minimum: 0, description: "How many records could be read before." }),
    }),
    Type.Null(),
  ]),
});

/** The bytes of a file. */
export const FileBytes = Type.String({ format: "binary", description: "The file's bytes." });
