import type { Sql } from "../sql.ts";

/** Makes room in a bucket for a blob's file: the file that has its name there goes, while the blob's is where it is expected. */
export async function displaceFile(
  sql: Sql,
  { from, to, filename, blobId }: { from: string; to: string; filename: string; blobId: string },
): Promise<void> {
  await sql`
    with displaced as (
      delete from bucket_file f where f.bucket_id = ${to}::uuid and f.filename = ${filename}
         and exists (select from bucket_file s
                      where s.bucket_id = ${from}::uuid and s.filename = ${filename} and s.blob_id = ${blobId}::uuid)
      returning f.blob_id
    )
    update blob b set state = 'garbage', changed_at = app_now() from displaced d where b.blob_id = d.blob_id`;
}
