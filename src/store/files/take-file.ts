import type { BucketFile } from "../../model/bucket.ts";
import type { Sql } from "../sql.ts";
import { type FileRow, toFile } from "./file-row.ts";

/**
 * Takes a file for a job, so that no other works on it while this one is unfinished. One that has ended holds nothing any more.
 *
 * @returns the file; undefined where another job holds it, or where it is not there
 */
export async function takeFile(
  sql: Sql,
  bucketId: string,
  filename: string,
  jobId: string,
): Promise<BucketFile | undefined> {
  const [row] = await sql<FileRow>`
    update bucket_file f set held_by = ${jobId}::uuid
     where f.bucket_id = ${bucketId}::uuid and f.filename = ${filename}
       and (f.held_by is null or f.held_by = ${jobId}::uuid or not exists (select from job_queue q where q.id = f.held_by))
    returning f.filename, f.blob_id, f.bytes::text, encode(f.sha256, 'hex') as sha256, f.created_at`;
  return row && toFile(row);
}
