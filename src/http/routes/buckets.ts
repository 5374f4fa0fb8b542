import type { Static } from "typebox";
import { deleteBucket } from "../../domain/delete-bucket.ts";
import { type DoomedFiles, deleteFiles } from "../../domain/delete-files.ts";
import { listBuckets } from "../../domain/list-buckets.ts";
import { listFiles } from "../../domain/list-files.ts";
import { openFile } from "../../domain/open-file.ts";
import { type PreviewedFile, previewFile } from "../../domain/preview-file.ts";
import { putBucket } from "../../domain/put-bucket.ts";
import { uploadFiles } from "../../domain/upload-files.ts";
import { invalid } from "../../model/api-errors.ts";
import type { Bucket, BucketFile } from "../../model/bucket.ts";
import { attachmentOf } from "../../model/file-name.ts";
import { codePattern } from "../../model/job-definition.ts";
import {
  BucketAnswer,
  BucketList,
  BucketPath,
  DeleteBucketQuery,
  DeleteFilesQuery,
  DownloadQuery,
  FileBytes,
  FileList,
  FilePreview,
  FileQuery,
  FilesDeleted,
  FilesUploaded,
  PreviewFile,
  PutBucket,
} from "../../schemas/buckets.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { rangeOf } from "../byte-range.ts";
import { page, readCursor } from "../cursor.ts";
import { created, NoBody, noContent, ok, problems, route } from "../route.ts";

const buckets = "buckets";
const files = "files";

/** For people who look where their files are. */
export const listBucketsRoute = route({
  method: "GET",
  url: "/buckets",
  role: "viewer",
  summary: "List buckets",
  query: closed(Page),
  answers: { 200: BucketList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const found = await listBuckets(context, actor, readCursor(buckets, query.cursor, codePattern) ?? null, limit + 1);
    const { items, nextCursor } = page(buckets, found, limit, (bucket) => bucket.bucketCode);
    return ok({ buckets: items.map(presentBucket), nextCursor });
  },
});

/** For whoever needs a place for files. */
export const putBucketRoute = route({
  method: "PUT",
  url: "/buckets/:bucketCode",
  role: "editor",
  summary: "Make a bucket, or rename one",
  params: BucketPath,
  body: PutBucket,
  answers: { 200: BucketAnswer, 201: BucketAnswer },
  async handle({ actor, params, body, context }) {
    const name = body.dataBucketEntry?.name ?? params.bucketCode;
    const { bucket, outcome } = await putBucket(context, actor, params.bucketCode, name);
    const answer = { dataBucketEntry: presentBucket(bucket) };
    return outcome === "created" ? created(answer) : ok(answer);
  },
});

/** For whoever tidies up. */
export const deleteBucketRoute = route({
  method: "DELETE",
  url: "/buckets/:bucketCode",
  role: "editor",
  summary: "Delete a bucket",
  params: BucketPath,
  query: DeleteBucketQuery,
  answers: { 204: NoBody, ...problems("NOT_FOUND", "CONFLICT") },
  async handle({ actor, params, query, context }) {
    await deleteBucket(context, actor, params.bucketCode, query.force === true ? "goToo" : "mustBeNone");
    return noContent();
  },
});

/** For whoever brings files. */
export const uploadFilesRoute = route({
  method: "POST",
  url: "/buckets/:bucketCode/upload",
  role: "editor",
  summary: "Upload files",
  description:
    "`multipart/form-data` with up to 100 files in fields named `file[]`. A file takes the place of one that has its name. All of them are stored, or none.",
  reads: "files",
  params: BucketPath,
  answers: { 200: FilesUploaded, ...problems("NOT_FOUND", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE") },
  async handle({ actor, params, files, context }) {
    const filenames = await uploadFiles(context, actor, params.bucketCode, files());
    return ok(filenames.map((filename) => ({ filename, message: "Successfully uploaded." })));
  },
});

/** For people who look what has arrived. */
export const listFilesRoute = route({
  method: "GET",
  url: "/buckets/:bucketCode/files",
  role: "viewer",
  summary: "List a bucket's files by name",
  params: BucketPath,
  query: FileQuery,
  answers: { 200: FileList, ...problems("NOT_FOUND") },
  async handle({ actor, params, query, context }) {
    const limit = query.limit ?? 50;
    const position = { after: readCursor(files, query.cursor, "^") ?? null, glob: query.pattern ?? null };
    const found = await listFiles(context, actor, params.bucketCode, { ...position, limit: limit + 1 });
    const { items, nextCursor } = page(files, found, limit, (file) => file.filename);
    return ok({ files: items.map(presentFile), nextCursor });
  },
});

/** For whoever tidies up. */
export const deleteFilesRoute = route({
  method: "DELETE",
  url: "/buckets/:bucketCode/files",
  role: "editor",
  summary: "Delete files by a pattern of their names, 1,000 at most, or one by its name",
  params: BucketPath,
  query: DeleteFilesQuery,
  answers: { 200: FilesDeleted, ...problems("NOT_FOUND") },
  async handle({ actor, params, query, context }) {
    return ok({ filenames: await deleteFiles(context, actor, params.bucketCode, doomedFiles(query)) });
  },
});

/** For whoever takes files away. */
export const downloadFileRoute = route({
  method: "GET",
  url: "/buckets/:bucketCode/download",
  role: "viewer",
  summary: "Download a file",
  description: "`Range` with one range of bytes answers 206 with that part.",
  params: BucketPath,
  query: DownloadQuery,
  answers: { 200: FileBytes, 206: FileBytes, ...problems("NOT_FOUND", "RANGE_NOT_SATISFIABLE") },
  async handle({ actor, params, query, header, context }) {
    const file = await openFile(context, actor, params.bucketCode, query.filename);
    const etag = `"${file.sha256}"`;
    const ifRange = header("if-range");
    const range = ifRange === undefined || ifRange === etag ? rangeOf(header("range"), file.bytes) : null;
    const headers = {
      "content-type": "application/octet-stream",
      "content-disposition": attachmentOf(file.filename),
      "content-length": String(range ? range.last - range.first + 1 : file.bytes),
      "accept-ranges": "bytes",
      etag,
      "last-modified": file.createdAt.toUTCString(),
    };
    if (!range) return { status: 200, stream: await file.open(), headers };
    const contentRange = `bytes ${range.first}-${range.last}/${file.bytes}`;
    return { status: 206, stream: await file.open(range), headers: { ...headers, "content-range": contentRange } };
  },
});

/** For whoever sets up work on files, or wants to see what is in one. */
export const previewFileRoute = route({
  method: "POST",
  url: "/buckets/:bucketCode/_preview",
  role: "viewer",
  summary: "What the steps of a job make of a file's first records",
  description:
    "Takes the first 20 records of a file through the steps that validateDataFiles and transformDataFiles have; nothing is written. References such as `{{date}}` are not filled in.",
  params: BucketPath,
  body: PreviewFile,
  answers: { 200: FilePreview, ...problems("NOT_FOUND", "RATE_LIMITED") },
  async handle({ actor, params, body, context }) {
    return ok(presentPreview(await previewFile(context, actor, params.bucketCode, body)));
  },
});

function presentPreview({ file: { filename, bytes }, outcome }: PreviewedFile): object {
  const { sample: records } = outcome;
  if (outcome.kind === "done") return { filename, bytes, records, complete: outcome.isWhole, fault: null };
  const { about, message, line } = outcome;
  const fault = {
    about: about === "sample" ? "preview" : about,
    message: message.slice(0, 2_000).toWellFormed(),
    line,
    afterRecord: records.length,
  };
  return { filename, bytes, records, complete: false, fault };
}

function doomedFiles({ pattern, filename }: Static<typeof DeleteFilesQuery>): DoomedFiles {
  if (pattern !== undefined && filename === undefined) return { pattern };
  if (filename !== undefined && pattern === undefined) return { filename };
  throw invalid([{ path: "/pattern", message: "give either pattern or filename" }]);
}

function presentBucket({ bucketId: _, ...bucket }: Bucket): object {
  return bucket;
}

function presentFile({ blobId: _, ...file }: BucketFile): object {
  return file;
}
