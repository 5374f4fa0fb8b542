import type { Sql } from "../sql.ts";

/** Uses a link up. @returns the key that it acts with; undefined where it has been used, has expired or never was */
export async function takeSignInLink(
  sql: Sql,
  linkId: string,
  secretHash: Uint8Array,
): Promise<{ apiKeyId: string; customerCode: string; email: string } | undefined> {
  const [row] = await sql<{ apiKeyId: string; customerCode: string; email: string }>`
    with taken as (
      delete from web_session
       where web_session_id = ${linkId} and kind = 'link' and secret_hash = ${secretHash} and expires_at > app_now()
      returning api_key_id
    )
    select k.api_key_id as "apiKeyId", k.customer_code as "customerCode", u.email
      from taken join api_key k using (api_key_id) join app_user u using (user_id)`;
  return row;
}
