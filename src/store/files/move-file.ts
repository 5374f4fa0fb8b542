import type { Sql } from "../sql.ts";

/** Moves a file to another bucket, where none has its name, if its bytes still are the blob's. Nobody holds it then. @returns whether it did */
export async function moveFile(
  sql: Sql,
  { from, to, filename, blobId }: { from: string; to: string; filename: string; blobId: string },
): Promise<boolean> {
  const rows = await sql`
    update bucket_file set bucket_id = ${to}::uuid, held_by = null
     where bucket_id = ${from}::uuid and filename = ${filename} and blob_id = ${blobId}::uuid
    returning filename`;
  return rows.length > 0;
}
