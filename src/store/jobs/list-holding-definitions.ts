import type { Sql } from "../sql.ts";

/** Definitions that have held jobs, at most `limit`, from the one after `startAfter`; a loose index scan. */
export async function listHoldingDefinitions(sql: Sql, startAfter: string, limit: number): Promise<string[]> {
  const rows = await sql<{ definition_id: string }>`
    with recursive walk as (
      (select definition_id, 1 as position from job_queue
        where state = 'held' and definition_id > ${startAfter}::uuid order by definition_id limit 1)
      union all
      select (select q.definition_id from job_queue q
               where q.state = 'held' and q.definition_id > w.definition_id order by q.definition_id limit 1),
             w.position + 1
        from walk w where w.definition_id is not null and w.position < ${limit}
    )
    select definition_id from walk where definition_id is not null order by position`;
  return rows.map((row) => row.definition_id);
}
