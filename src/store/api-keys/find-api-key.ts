import type { Role } from "../../model/roles.ts";
import type { Sql } from "../sql.ts";

/** All that is needed to let a request in. */
export interface StoredApiKey {
  readonly apiKeyId: string;
  readonly customerCode: string;
  readonly userId: string;
  readonly email: string;
  readonly keyRole: Role;
  readonly userRole: Role;
  readonly secretHash: Uint8Array;
  /** Milliseconds that the key is still valid, by the database's clock; null is for ever, 0 or less is expired. */
  readonly validForMs: number | null;
}

/** Reads a key by its id, whoever it belongs to. */
export async function findApiKey(sql: Sql, apiKeyId: string): Promise<StoredApiKey | undefined> {
  const [row] = await sql<StoredApiKey>`
    select k.api_key_id as "apiKeyId", k.customer_code as "customerCode", k.user_id as "userId", u.email,
           k.role as "keyRole", u.role as "userRole", k.secret_hash as "secretHash",
           extract(epoch from k.expires_at - app_now())::float8 * 1000 as "validForMs"
      from api_key k join app_user u using (user_id)
     where k.api_key_id = ${apiKeyId}`;
  return row;
}
