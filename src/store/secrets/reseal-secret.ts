import type { SealedValue } from "../../model/secret-box.ts";
import type { Sql } from "../sql.ts";

/** Writes a locked secret's value as another key encrypts it; nobody has changed the secret, so its time stays. */
export async function resealSecret(
  sql: Sql,
  customerCode: string,
  secretCode: string,
  { keyId, nonce, ciphertext }: SealedValue,
): Promise<void> {
  await sql`
    update secret set key_id = ${keyId}, nonce = ${nonce}, ciphertext = ${ciphertext}
     where customer_code = ${customerCode} and secret_code = ${secretCode}`;
}
