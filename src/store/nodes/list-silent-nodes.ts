import type { Sql } from "../sql.ts";

/**
 * Ids of the other nodes that have not beaten for `silentMs`; also of such as hold a claim and are not known any more.
 */
export async function listSilentNodes(sql: Sql, nodeId: string, silentMs: number): Promise<string[]> {
  const rows = await sql<{ node_id: string }>`
    select node_id from node
     where node_id <> ${nodeId}::uuid and beat_at <= app_now() - ${silentMs}::float8 * interval '1 ms'
    union
    select distinct q.node_id from job_queue q
     where q.state = 'claimed' and q.node_id <> ${nodeId}::uuid
       and not exists (select from node n where n.node_id = q.node_id)`;
  return rows.map((row) => row.node_id);
}
