import type { Sql } from "../sql.ts";

/**
 * Writes a session, or a link that opens one, that acts with a key; it ends no later than the key.
 *
 * @returns when it ends; undefined where the key is gone
 */
export async function insertSession(
  sql: Sql,
  session: {
    sessionId: string;
    kind: "session" | "link";
    apiKeyId: string;
    secretHash: Uint8Array;
    validForSeconds: number;
  },
): Promise<Date | undefined> {
  const [row] = await sql<{ expires_at: Date }>`
    insert into web_session (web_session_id, kind, api_key_id, secret_hash, expires_at)
    select ${session.sessionId}, ${session.kind}, k.api_key_id, ${session.secretHash},
           least(k.expires_at, app_now() + ${session.validForSeconds}::integer * interval '1 second')
      from api_key k where k.api_key_id = ${session.apiKeyId}
    returning expires_at`;
  return row?.expires_at;
}
