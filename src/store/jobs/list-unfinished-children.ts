import type { Sql } from "../sql.ts";

/**
 * Ids of children of jobs, at most `limit`, that have not ended and are not to stop yet. The parents must be locked or cancelled,
 * so that they start no other meanwhile.
 */
export async function listUnfinishedChildren(sql: Sql, parentIds: readonly string[], limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from job_queue where parent_id = any (${parentIds}::uuid[]) and cancellation is null limit ${limit}`;
  return rows.map((row) => row.id);
}
