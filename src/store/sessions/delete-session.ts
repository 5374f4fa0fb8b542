import type { Sql } from "../sql.ts";

/** Removes a session. */
export async function deleteSession(sql: Sql, sessionId: string): Promise<void> {
  await sql`delete from web_session where web_session_id = ${sessionId}`;
}
