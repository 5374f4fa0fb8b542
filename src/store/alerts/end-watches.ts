import type { Sql } from "../sql.ts";

/** Ends the watch of definitions that have no alerts any more, so that one that begins again knows nothing of before. */
export async function endWatches(sql: Sql): Promise<void> {
  await sql`
    with ended as (
      delete from definition_watch w using job_definition d
       where d.definition_id = w.definition_id and coalesce(json_array_length(d.options -> 'alerts'), 0) = 0
      returning w.definition_id
    )
    delete from definition_alert where definition_id in (select definition_id from ended)`;
}
