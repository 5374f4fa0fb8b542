import type { Sql } from "../sql.ts";

/** Deletes files of a bucket by name, the first ones first; their bytes go later. @param like a pattern of LIKE; null is all @returns their names */
export async function deleteFiles(
  sql: Sql,
  bucketId: string,
  { like, limit }: { like: string | null; limit: number },
): Promise<string[]> {
  const rows = await sql<{ filename: string }>`
    with deleted as (
      delete from bucket_file where bucket_id = ${bucketId}::uuid and filename in (
        select filename from bucket_file
         where bucket_id = ${bucketId}::uuid and (${like}::text is null or filename like ${like})
         order by filename limit ${limit} for update)
      returning filename, blob_id
    ), gone as (
      update blob b set state = 'garbage', changed_at = app_now() from deleted d where b.blob_id = d.blob_id
    )
    select filename from deleted order by filename`;
  return rows.map((row) => row.filename);
}
