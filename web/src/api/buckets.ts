/** `/buckets`: where a customer's files lie. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  BucketAnswer,
  BucketList,
  FileList,
  FilePreview as FilePreviewSchema,
  FilesDeleted,
  PreviewFile,
} from "../../../src/schemas/buckets.ts";
import { apiUrl, part, readBytes, request, sendForm } from "./request.ts";

/** A named folder of files. */
export type Bucket = Static<typeof BucketAnswer>["dataBucketEntry"];
/** A file of one. */
export type BucketFile = Static<typeof FileList>["files"][number];
/** The first records of a file, and what steps make of them. */
export type FilePreview = Static<typeof FilePreviewSchema>;
/** One of them. */
export type PreviewedRecord = FilePreview["records"][number];

/** Which part of a bucket's files is listed. */
export interface FilesQuery {
  /** A glob. */
  readonly pattern?: string | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number;
}

/** A page of buckets, by code. */
export function bucketsQuery(cursor?: string) {
  return queryOptions({
    queryKey: ["buckets", "list", cursor ?? ""],
    queryFn: ({ signal }) =>
      request<Static<typeof BucketList>>("GET", "/buckets", { query: { cursor, limit: 200 }, signal }),
  });
}

/** A page of a bucket's files, by name. */
export function filesQuery(bucketCode: string, query: FilesQuery) {
  return queryOptions({
    queryKey: ["buckets", "files", bucketCode, query],
    queryFn: ({ signal }) =>
      request<Static<typeof FileList>>("GET", `${pathOf(bucketCode)}/files`, { query: { ...query }, signal }),
  });
}

/** One file, or null where there is none of that name. */
export function fileQuery(bucketCode: string, filename: string) {
  return queryOptions({
    queryKey: ["buckets", "file", bucketCode, filename],
    queryFn: async ({ signal }) => {
      // A name in which stars stand is a pattern that others fit too: those before it in the alphabet are passed.
      for (let cursor: string | undefined; ; ) {
        const query = { pattern: filename, limit: 200, cursor };
        const page = await request<Static<typeof FileList>>("GET", `${pathOf(bucketCode)}/files`, { query, signal });
        const found = page.files.find((file) => file.filename === filename);
        if (found || page.nextCursor === null) return found ?? null;
        cursor = page.nextCursor;
      }
    },
  });
}

/** Makes a bucket, or renames one. */
export function putBucket(bucketCode: string, name: string): Promise<Static<typeof BucketAnswer>> {
  return request("PUT", pathOf(bucketCode), { body: { dataBucketEntry: name === "" ? {} : { name } } });
}

/** Deletes a bucket. @param files whether its files go too; one that has some is refused otherwise */
export async function deleteBucket(bucketCode: string, files: "goToo" | "mustBeNone"): Promise<void> {
  await request("DELETE", pathOf(bucketCode), { query: files === "goToo" ? { force: "true" } : {} });
}

/** Deletes one file. */
export async function deleteFile(bucketCode: string, filename: string): Promise<void> {
  await request("DELETE", `${pathOf(bucketCode)}/files`, { query: { filename } });
}

/** Deletes the files that a glob picks, the first 1,000 of them. @returns how many */
export async function deleteFiles(bucketCode: string, pattern: string): Promise<number> {
  const path = `${pathOf(bucketCode)}/files`;
  return (await request<Static<typeof FilesDeleted>>("DELETE", path, { query: { pattern } })).filenames.length;
}

/** Sends one file. @param progress how much of it has been sent, from 0 to 1 */
export async function uploadFile(
  bucketCode: string,
  file: File,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const form = new FormData();
  form.append("file[]", file, file.name);
  const told = (bytes: number): void => progress(file.size === 0 ? 1 : Math.min(1, bytes / file.size));
  await sendForm(`${pathOf(bucketCode)}/upload`, form, told, signal);
}

/** The address of a file's bytes. */
export function downloadAddress(bucketCode: string, filename: string): string {
  return `${apiUrl}${pathOf(bucketCode)}/download?${new URLSearchParams({ filename })}`;
}

/** Reads a part of a file. */
export function readFilePart(
  bucketCode: string,
  filename: string,
  range: { readonly from: number; readonly length: number; readonly signal: AbortSignal },
): Promise<{ readonly bytes: Uint8Array; readonly total: number }> {
  return readBytes(`${pathOf(bucketCode)}/download`, { query: { filename }, ...range });
}

/** What the steps of a job make of the first records of a file; without any steps, what is in it. */
export function previewQuery(bucketCode: string, body: Static<typeof PreviewFile>) {
  return queryOptions({
    queryKey: ["buckets", "preview", bucketCode, body],
    queryFn: ({ signal }) => request<FilePreview>("POST", `${pathOf(bucketCode)}/_preview`, { body, signal }),
    // Each is a process of its own on the node.
    staleTime: 60_000,
  });
}

function pathOf(bucketCode: string): string {
  return `/buckets/${part(bucketCode)}`;
}
