import type { Sql } from "../sql.ts";

/** Removes a key. @returns false where there is none. */
export async function deleteApiKey(sql: Sql, customerCode: string, apiKeyId: string): Promise<boolean> {
  const rows = await sql`
    delete from api_key where customer_code = ${customerCode} and api_key_id = ${apiKeyId} returning api_key_id`;
  return rows.length === 1;
}
