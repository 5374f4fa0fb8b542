/**
 * Encryption of secrets at rest: AES-256-GCM under the newest key, a random nonce for each value, the key's id beside it.
 *
 * What a value belongs to (customer, code, hosts) is authenticated with it: a row that was moved to another customer, or whose
 * hosts were widened by hand, does not open.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from "node:crypto";

/** A key with the id by which rows name it; its bytes do not show where it is printed. */
export interface SecretKey {
  /** 16 hex digits of a hash of the key. */
  readonly id: string;
  readonly key: KeyObject;
}

/** A value as it is stored. */
export interface SealedValue {
  readonly keyId: string;
  readonly nonce: Uint8Array;
  /** The encrypted text with its tag of 16 bytes. */
  readonly ciphertext: Uint8Array;
}

const cipher = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Reads the value of `PUNCTUAL_SECRET_KEY`: one key or several, separated by commas. The first encrypts, all decrypt.
 *
 * @throws Error with what to write instead; it repeats nothing of the text
 */
export function parseSecretKeys(text: string): SecretKey[] {
  const keys = text
    .split(",")
    .map((one, index, all) => parseKey(one.trim(), all.length > 1 ? `key ${index + 1}` : "it"));
  const ids = keys.map(({ id }) => id);
  const twice = ids.findIndex((id, index) => ids.indexOf(id) < index);
  if (twice >= 0) throw new Error(`key ${twice + 1} is there twice; name each key once, the newest first`);
  return keys;
}

function parseKey(text: string, name: string): SecretKey {
  const bytes = /^[0-9a-f]{64}$/i.test(text)
    ? Buffer.from(text, "hex")
    : Buffer.from(/^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? text : "", "base64");
  if (bytes.length === keyBytes) return toKey(bytes);
  throw new Error(
    `${name} must be ${keyBytes} random bytes as base64 or as 64 hex digits (\`openssl rand -base64 32\` makes one); several are separated by commas, the newest first`,
  );
}

function toKey(bytes: Buffer): SecretKey {
  const id = createHash("sha256").update("punctual secret key\n").update(bytes).digest("hex").slice(0, 16);
  return { id, key: createSecretKey(bytes) };
}

/** Makes a key, as the setting takes it. */
export function newSecretKey(): string {
  return randomBytes(keyBytes).toString("base64");
}

/** Encrypts a value. @param belongsTo the same to open it */
export function sealValue({ id, key }: SecretKey, value: string, belongsTo: readonly unknown[]): SealedValue {
  const nonce = randomBytes(nonceBytes);
  const encrypting = createCipheriv(cipher, key, nonce, { authTagLength: tagBytes });
  encrypting.setAAD(Buffer.from(JSON.stringify(belongsTo)));
  const ciphertext = Buffer.concat([encrypting.update(value, "utf8"), encrypting.final(), encrypting.getAuthTag()]);
  return { keyId: id, nonce, ciphertext };
}

/**
 * Decrypts a value.
 *
 * @throws Error that says why it cannot: the key is not among `keys`, or the row was altered or moved
 */
export function openValue(keys: readonly SecretKey[], sealed: SealedValue, belongsTo: readonly unknown[]): string {
  const found = keys.find(({ id }) => id === sealed.keyId);
  if (!found) throw new Error(`it is encrypted under the key ${sealed.keyId}, which PUNCTUAL_SECRET_KEY does not hold`);
  try {
    const decrypting = createDecipheriv(cipher, found.key, sealed.nonce, { authTagLength: tagBytes });
    decrypting.setAAD(Buffer.from(JSON.stringify(belongsTo)));
    decrypting.setAuthTag(sealed.ciphertext.subarray(-tagBytes));
    const text = sealed.ciphertext.subarray(0, -tagBytes);
    return Buffer.concat([decrypting.update(text), decrypting.final()]).toString("utf8");
  } catch (cause) {
    throw new Error("its row was altered or moved since it was written, and does not decrypt", { cause });
  }
}
