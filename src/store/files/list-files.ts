import type { BucketFile } from "../../model/bucket.ts";
import type { Sql } from "../sql.ts";
import { type FileRow, toFile } from "./file-row.ts";

/** Lists files of a bucket by name, from behind `after`. @param like a pattern of LIKE; null is all */
export async function listFiles(
  sql: Sql,
  bucketId: string,
  { after, like, limit }: { after: string | null; like: string | null; limit: number },
): Promise<BucketFile[]> {
  const rows = await sql<FileRow>`
    select filename, blob_id, bytes::text, encode(sha256, 'hex') as sha256, created_at from bucket_file
     where bucket_id = ${bucketId}::uuid and filename > ${after ?? ""}
       and (${like}::text is null or filename like ${like})
     order by filename limit ${limit}`;
  return rows.map(toFile);
}
