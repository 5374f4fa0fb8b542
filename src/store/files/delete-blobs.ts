import type { Sql } from "../sql.ts";

/** Forgets blobs whose bytes are gone. */
export async function deleteBlobs(sql: Sql, blobIds: readonly string[]): Promise<void> {
  await sql`delete from blob where blob_id = any (${[...blobIds]}::uuid[]) and state = 'garbage'`;
}
