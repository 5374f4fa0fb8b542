import type { Sql } from "../sql.ts";

/** Has the watch of paused definitions begin now: from a pause on, no success is to be expected. At most once a minute for each. */
export async function restartWatches(sql: Sql, definitionIds: readonly string[]): Promise<void> {
  await sql`
    update definition_watch set watched_since = app_now(), silent = false
     where definition_id = any (${definitionIds}::uuid[]) and watched_since < app_now() - interval '1 minute'`;
}
