import type { Sql } from "../sql.ts";

/** Reads when a session ends; undefined where it has been closed. */
export async function findSessionEnd(sql: Sql, sessionId: string): Promise<Date | undefined> {
  const [row] = await sql<{ expires_at: Date }>`
    select expires_at from web_session where web_session_id = ${sessionId} and kind = 'session'`;
  return row?.expires_at;
}
