import type { Secret } from "../../model/secret.ts";
import type { SealedValue } from "../../model/secret-box.ts";
import type { Sql } from "../sql.ts";

/** Writes a new secret. @returns undefined where the code is taken */
export async function insertSecret(
  sql: Sql,
  customerCode: string,
  secretCode: string,
  { keyId, nonce, ciphertext }: SealedValue,
  hosts: readonly string[] | null,
  by: string,
): Promise<Secret | undefined> {
  const [row] = await sql<Secret>`
    insert into secret (customer_code, secret_code, key_id, nonce, ciphertext, hosts, updated_by)
    values (${customerCode}, ${secretCode}, ${keyId}, ${nonce}, ${ciphertext}, ${hosts}::text[], ${by})
    on conflict do nothing
    returning secret_code as "secretCode", hosts, created_at as "createdAt", updated_at as "updatedAt", updated_by as "updatedBy"`;
  return row;
}
