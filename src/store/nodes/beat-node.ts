import type { Sql } from "../sql.ts";

/**
 * Writes that a node is alive; the first beat of a process makes its row.
 *
 * @returns the database's time, and how many nodes have beaten within 30 s, this one among them.
 */
export async function beatNode(
  sql: Sql,
  node: { nodeId: string; name: string; roles: readonly string[] },
): Promise<{ now: Date; alive: number }> {
  const [row] = await sql<{ now: Date; alive: number }>`
    insert into node (node_id, name, roles) values (${node.nodeId}::uuid, ${node.name}, ${node.roles}::text[])
    on conflict (node_id) do update set beat_at = app_now()
    returning beat_at as now,
              (select count(*)::integer from node where beat_at > app_now() - interval '30 s' and node_id <> ${node.nodeId}::uuid) + 1 as alive`;
  if (!row) throw new Error("a heartbeat answered no row");
  return row;
}
