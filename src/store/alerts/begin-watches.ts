import type { Sql } from "../sql.ts";

/** Begins the watch of definitions that have none. */
export async function beginWatches(sql: Sql, definitionIds: readonly string[]): Promise<void> {
  await sql`
    insert into definition_watch (definition_id, watched_since)
    select definition_id, app_now() from job_definition where definition_id = any (${definitionIds}::uuid[])
     order by definition_id
    on conflict do nothing`;
}
