import type { StoredApiKey } from "../api-keys/find-api-key.ts";
import type { Sql } from "../sql.ts";

/** Reads a session by its id: the key that it acts with, and its own secret and end. */
export async function findSession(sql: Sql, sessionId: string): Promise<StoredApiKey | undefined> {
  const [row] = await sql<StoredApiKey>`
    select k.api_key_id as "apiKeyId", k.customer_code as "customerCode", k.user_id as "userId", u.email,
           k.role as "keyRole", u.role as "userRole", s.secret_hash as "secretHash",
           extract(epoch from s.expires_at - app_now())::float8 * 1000 as "validForMs"
      from web_session s join api_key k using (api_key_id) join app_user u using (user_id)
     where s.web_session_id = ${sessionId} and s.kind = 'session'`;
  return row;
}
