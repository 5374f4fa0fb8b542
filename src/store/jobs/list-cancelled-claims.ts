import type { Sql } from "../sql.ts";

/** Ids of the jobs that a node runs and that are to stop. */
export async function listCancelledClaims(sql: Sql, nodeId: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from job_queue
     where state = 'claimed' and node_id = ${nodeId}::uuid and cancellation is not null`;
  return rows.map((row) => row.id);
}
