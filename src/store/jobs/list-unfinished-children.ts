import type { Sql } from "../sql.ts";

/** Ids of the children of jobs that have not ended. The parents must be locked, so that they start no other meanwhile. */
export async function listUnfinishedChildren(sql: Sql, parentIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }>`select id from job_queue where parent_id = any (${parentIds}::uuid[])`;
  return rows.map((row) => row.id);
}
