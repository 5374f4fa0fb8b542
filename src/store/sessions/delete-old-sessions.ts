import type { Sql } from "../sql.ts";

/** Removes sessions and links that have expired, at most `limit`. */
export async function deleteOldSessions(sql: Sql, limit: number): Promise<void> {
  await sql`
    delete from web_session where web_session_id in (
      select web_session_id from web_session where expires_at < app_now()
       order by expires_at limit ${limit} for update skip locked)`;
}
