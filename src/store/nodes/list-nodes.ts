import type { Sql } from "../sql.ts";

/** A process that shares the database. */
export interface ListedNode {
  readonly name: string;
  readonly roles: readonly string[];
  readonly startedAt: Date;
  readonly lastBeatAt: Date;
  /** Whether it has beaten within 30 s. */
  readonly alive: boolean;
}

/** Lists the nodes that are known, those that started last first; a dead one is forgotten once its jobs are rescued. */
export async function listNodes(sql: Sql, limit: number): Promise<ListedNode[]> {
  return sql<ListedNode>`
    select name, roles, started_at as "startedAt", beat_at as "lastBeatAt", beat_at > app_now() - interval '30 s' as alive
      from node
     order by started_at desc, node_id
     limit ${limit}`;
}
