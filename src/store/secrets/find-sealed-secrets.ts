import type { SealedValue } from "../../model/secret-box.ts";
import type { Sql } from "../sql.ts";

/** A secret with its encrypted value. */
export interface SealedSecret extends SealedValue {
  readonly secretCode: string;
  readonly hosts: readonly string[] | null;
}

/** Reads the secrets of those codes that a customer has. */
export async function findSealedSecrets(
  sql: Sql,
  customerCode: string,
  codes: readonly string[],
): Promise<SealedSecret[]> {
  return sql<SealedSecret>`
    select secret_code as "secretCode", key_id as "keyId", nonce, ciphertext, hosts
      from secret where customer_code = ${customerCode} and secret_code = any (${codes}::text[])`;
}
