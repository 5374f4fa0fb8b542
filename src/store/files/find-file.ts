import type { BucketFile } from "../../model/bucket.ts";
import type { Sql } from "../sql.ts";
import { type FileRow, toFile } from "./file-row.ts";

/** A file of a customer's bucket. */
export async function findFile(
  sql: Sql,
  customerCode: string,
  bucketCode: string,
  filename: string,
): Promise<BucketFile | undefined> {
  const [row] = await sql<FileRow>`
    select f.filename, f.blob_id, f.bytes::text, encode(f.sha256, 'hex') as sha256, f.created_at
      from bucket b join bucket_file f using (bucket_id)
     where b.customer_code = ${customerCode} and b.bucket_code = ${bucketCode} and f.filename = ${filename}`;
  return row && toFile(row);
}
