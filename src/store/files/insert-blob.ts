import type { Sql } from "../sql.ts";

/** Notes a blob before its first byte is written. */
export async function insertBlob(sql: Sql, customerCode: string, blobId: string, nodeId: string): Promise<void> {
  await sql`
    insert into blob (blob_id, customer_code, state, node_id, changed_at)
    values (${blobId}::uuid, ${customerCode}, 'pending', ${nodeId}::uuid, app_now())`;
}
