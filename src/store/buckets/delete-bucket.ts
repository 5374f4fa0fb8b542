import type { Sql } from "../sql.ts";

/** Deletes a bucket that has no files. @returns whether it did */
export async function deleteBucket(sql: Sql, bucketId: string): Promise<boolean> {
  const rows = await sql`
    delete from bucket b where b.bucket_id = ${bucketId}::uuid
       and not exists (select from bucket_file f where f.bucket_id = b.bucket_id)
    returning b.bucket_id`;
  return rows.length > 0;
}
