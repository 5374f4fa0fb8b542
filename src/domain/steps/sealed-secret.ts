/** How a secret is bound to its row: what is authenticated along with its value. */
import { openValue, type SealedValue, type SecretKey, sealValue } from "../../model/secret-box.ts";

interface Row {
  readonly customerCode: string;
  readonly secretCode: string;
  readonly hosts: readonly string[] | null;
}

/** Encrypts a value for its row. */
export function sealSecret(key: SecretKey, row: Row, value: string): SealedValue {
  return sealValue(key, value, belongsTo(row));
}

/** Decrypts a row's value. @throws Error that says why it cannot */
export function openSecret(keys: readonly SecretKey[], row: Row & SealedValue): string {
  return openValue(keys, row, belongsTo(row));
}

function belongsTo({ customerCode, secretCode, hosts }: Row): readonly unknown[] {
  return ["secret", customerCode, secretCode, hosts];
}
