import type { Secret } from "../../model/secret.ts";
import type { SealedValue } from "../../model/secret-box.ts";
import type { Sql } from "../sql.ts";

/** Writes a locked secret's new value and hosts. */
export async function updateSecret(
  sql: Sql,
  customerCode: string,
  secretCode: string,
  { keyId, nonce, ciphertext }: SealedValue,
  hosts: readonly string[] | null,
  by: string,
): Promise<Secret | undefined> {
  const [row] = await sql<Secret>`
    update secret
       set key_id = ${keyId}, nonce = ${nonce}, ciphertext = ${ciphertext}, hosts = ${hosts}::text[],
           updated_at = app_now(), updated_by = ${by}
     where customer_code = ${customerCode} and secret_code = ${secretCode}
    returning secret_code as "secretCode", hosts, created_at as "createdAt", updated_at as "updatedAt", updated_by as "updatedBy"`;
  return row;
}
