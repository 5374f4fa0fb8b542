import type { StoredBlob } from "../../model/bucket.ts";
import type { Sql } from "../sql.ts";

/** A blob, and the name that it gets. */
export interface NamedBlob extends StoredBlob {
  readonly filename: string;
}

/**
 * Gives stored blobs their names in a bucket, in place of what had those names. The caller has locked the bucket: two that give
 * one name at once would leave bytes behind that no file has.
 *
 * Blobs that have become garbage meanwhile, because their node was taken for dead, get no name.
 *
 * @returns the names that were given
 */
export async function putFiles(sql: Sql, bucketId: string, files: readonly NamedBlob[]): Promise<string[]> {
  const rows = await sql<{ filename: string }>`
    with given as (
      select * from unnest(
        ${files.map((file) => file.filename)}::text[],
        ${files.map((file) => file.blobId)}::uuid[],
        ${files.map((file) => file.bytes)}::bigint[],
        ${files.map((file) => file.sha256)}::text[]
      ) as g (filename, blob_id, bytes, sha256)
    ), live as (
      update blob b set state = 'live', changed_at = app_now()
        from given g where b.blob_id = g.blob_id and b.state = 'pending'
      returning b.blob_id
    ), replaced as (
      select f.blob_id from bucket_file f join given g using (filename) join live on live.blob_id = g.blob_id
       where f.bucket_id = ${bucketId}::uuid
    ), gone as (
      update blob b set state = 'garbage', changed_at = app_now() from replaced r where b.blob_id = r.blob_id
    )
    insert into bucket_file (bucket_id, filename, blob_id, bytes, sha256, created_at)
    select ${bucketId}::uuid, g.filename, g.blob_id, g.bytes, decode(g.sha256, 'hex'), app_now()
      from given g join live using (blob_id)
    on conflict (bucket_id, filename) do update
       set blob_id = excluded.blob_id, bytes = excluded.bytes, sha256 = excluded.sha256, created_at = app_now(), held_by = null
    returning filename`;
  return rows.map((row) => row.filename);
}
