import type { Sql } from "../sql.ts";

/** Forgets nodes that hold no claim any more. */
export async function deleteNodes(sql: Sql, nodeIds: readonly string[]): Promise<void> {
  await sql`
    delete from node n
     where n.node_id = any (${nodeIds}::uuid[])
       and not exists (select from job_queue q where q.state = 'claimed' and q.node_id = n.node_id)`;
}
