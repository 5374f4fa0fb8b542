import type { Sql } from "../sql.ts";
import type { SealedSecret } from "./find-sealed-secrets.ts";

/** A secret of whichever customer. */
export type SealedSecretOf = SealedSecret & { readonly customerCode: string };

/** Locks the next secrets that are stored under other keys than `keyId`, in order of customer and code, from behind `after`. */
export async function lockSecretsToRotate(
  sql: Sql,
  keyId: string,
  after: { readonly customerCode: string; readonly secretCode: string },
  limit: number,
): Promise<SealedSecretOf[]> {
  return sql<SealedSecretOf>`
    select customer_code as "customerCode", secret_code as "secretCode", key_id as "keyId", nonce, ciphertext, hosts
      from secret
     where (customer_code, secret_code) > (${after.customerCode}, ${after.secretCode}) and key_id <> ${keyId}
     order by customer_code, secret_code limit ${limit}
    for update`;
}
