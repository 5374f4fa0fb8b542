import type { Sql } from "../sql.ts";

/** Gives up blobs that got no name: their bytes go later. */
export async function discardBlobs(sql: Sql, blobIds: readonly string[]): Promise<void> {
  await sql`
    update blob set state = 'garbage', changed_at = app_now()
     where blob_id = any (${[...blobIds]}::uuid[]) and state = 'pending'`;
}
