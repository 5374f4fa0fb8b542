import type { Sql } from "../sql.ts";

/** Forgets nodes that have not beaten for `silentMs` and hold no claim any more. */
export async function deleteNodes(sql: Sql, nodeIds: readonly string[], silentMs: number): Promise<void> {
  await sql`
    delete from node n
     where n.node_id = any (${nodeIds}::uuid[]) and n.beat_at <= app_now() - ${silentMs}::float8 * interval '1 ms'
       and not exists (select from job_queue q where q.state = 'claimed' and q.node_id = n.node_id)`;
}
