/** The files of a customer's buckets, as the code of a job type sees them. */
import type { Readable } from "node:stream";
import type { ByteRange } from "./blob-storage.ts";
import type { FilesReport, FilesRequest } from "./file-params.ts";

/** A file in a bucket. */
export interface JobFile {
  readonly filename: string;
  readonly bytes: number;
  /** Of the bytes as they are stored; lower-case hex. */
  readonly sha256: string;
}

/** A file that is being read. */
export interface OpenJobFile extends JobFile {
  readonly stream: Readable;
}

/**
 * Reads and writes the files of the job's customer. Everything ends with the run: its signal breaks off what is under way.
 *
 * @throws JobError BUCKET_NOT_FOUND, FILE_NOT_FOUND, FILE_TOO_LARGE, STORAGE_FULL, STORAGE_UNAVAILABLE, INVALID_PARAMS for a name that no file may have
 */
export interface JobFiles {
  /** Files whose names a glob matches (`*` any text, `?` one character), by name, read page by page as they are asked for. */
  list(bucketCode: string, glob: string): AsyncIterable<JobFile>;
  /** Opens a file. @param range bytes, both ends inclusive, from 0; all unless said */
  read(bucketCode: string, filename: string, range?: ByteRange): Promise<OpenJobFile>;
  /**
   * Writes a file, in place of one that has its name. It appears when its last byte has reached the storage; where the content fails, what it failed
   * with is thrown and there is no file.
   *
   * @param limits `mostBytes`: how large it may be, within what the node allows
   */
  write(
    bucketCode: string,
    filename: string,
    content: Readable,
    limits?: { readonly mostBytes?: number },
  ): Promise<JobFile>;
  /**
   * Works on the records of files: reads, checks, transforms and writes them, file by file, in processes of their own. Each file's target, its file of errors
   * and its move appear together; a run that begins again goes on where the last one was.
   *
   * @throws JobError RECORDS_INVALID and FILE_UNREADABLE with the report as details, INVALID_PARAMS for what can be done with no file
   */
  process(request: FilesRequest): Promise<FilesReport>;
}
