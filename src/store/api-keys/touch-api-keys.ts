import type { Sql } from "../sql.ts";

/** Writes that keys have been used now. */
export async function touchApiKeys(sql: Sql, apiKeyIds: readonly string[]): Promise<void> {
  await sql`update api_key set last_used_at = app_now() where api_key_id = any (${apiKeyIds}::text[])`;
}
