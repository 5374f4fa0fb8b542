import type { Sql } from "../sql.ts";

/**
 * Picks blobs whose bytes may go: garbage that nobody can still be reading, and what a node that is no more has left half-written.
 *
 * One that cannot be removed is picked again after the same time. A blob that was pending is garbage from now on, so that its writer, should it live after all, gives it no name.
 */
export async function takeGarbage(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql<{ blob_id: string }>`
    update blob set state = 'garbage', changed_at = app_now()
     where blob_id in (
       select b.blob_id from blob b
        where b.state <> 'live' and b.changed_at < app_now() - interval '15 minutes'
          and (b.state = 'garbage' or not exists (select from node n where n.node_id = b.node_id))
        order by b.changed_at limit ${limit} for update skip locked)
    returning blob_id`;
  return rows.map((row) => row.blob_id);
}
