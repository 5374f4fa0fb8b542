import type { Sql } from "../sql.ts";

/**
 * Ids of the other nodes that have not beaten for `silentMs`; also of such as hold a claim and are not known any more.
 *
 * None while the asking node has not beaten itself for 10 s: right after an outage of the database all have been silent.
 */
export async function listSilentNodes(sql: Sql, nodeId: string, silentMs: number): Promise<string[]> {
  const rows = await sql<{ node_id: string }>`
    with self as (
      select from node where node_id = ${nodeId}::uuid and beat_at > app_now() - interval '10 s'
    )
    select node_id from node
     where node_id <> ${nodeId}::uuid and beat_at <= app_now() - ${silentMs}::float8 * interval '1 ms'
       and exists (select from self)
    union
    select distinct q.node_id from job_queue q
     where q.state = 'claimed' and q.node_id <> ${nodeId}::uuid
       and exists (select from self)
       and not exists (select from node n where n.node_id = q.node_id)`;
  return rows.map((row) => row.node_id);
}
