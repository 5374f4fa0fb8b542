import type { Sql } from "../sql.ts";

/** Ids of blocked children, at most `limit`, in their order from behind `after`. */
export async function listBlockedChildren(sql: Sql, after: string, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from job_queue
     where state = 'blocked' and parent_id is not null and id > ${after}::uuid order by id limit ${limit}`;
  return rows.map((row) => row.id);
}
