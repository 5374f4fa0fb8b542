import type { Sql } from "../sql.ts";

/** Lists the ids of the keys under which secrets are stored, with how many each. */
export async function listSecretKeys(sql: Sql): Promise<{ readonly keyId: string; readonly secrets: number }[]> {
  return sql<{ keyId: string; secrets: number }>`
    select key_id as "keyId", count(*)::integer as secrets from secret group by key_id order by key_id`;
}
