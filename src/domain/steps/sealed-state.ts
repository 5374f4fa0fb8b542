/**
 * What a job keeps between its runs, where it holds a secret: `{"$sealed": {…}}`, encrypted for that job alone.
 *
 * Invariant: a state that has the field `$sealed` was sealed, because one that came with it is sealed too.
 */
import type { JsonObject, JsonText } from "../../model/job.ts";
import { openValue, type SealedValue, type SecretKey, sealValue } from "../../model/secret-box.ts";

/** Whose state it is. */
export interface StateOwner {
  readonly customerCode: string;
  /** Without its day. */
  readonly id: string;
}

const field = "$sealed";

/** Whether a state is sealed, or would be taken for one that is. */
export function isSealedState(state: unknown): state is JsonObject {
  return typeof state === "object" && state !== null && Object.hasOwn(state, field);
}

/** Encrypts a state for its job. */
export function sealState(key: SecretKey, job: StateOwner, state: JsonText): JsonText {
  const { keyId, nonce, ciphertext } = sealValue(key, state, belongsTo(job));
  return JSON.stringify({ [field]: { keyId, nonce: toText(nonce), ciphertext: toText(ciphertext) } });
}

/** Decrypts a job's state. @throws Error that says why it cannot */
export function openState(keys: readonly SecretKey[], job: StateOwner, state: JsonObject): JsonText {
  return openValue(keys, readSealed(state[field]), belongsTo(job));
}

function belongsTo({ customerCode, id }: StateOwner): readonly unknown[] {
  return ["state", customerCode, id];
}

function readSealed(sealed: unknown): SealedValue {
  const { keyId, nonce, ciphertext } = { keyId: "", nonce: "", ciphertext: "", ...(isObject(sealed) ? sealed : {}) };
  const bytes = (text: unknown) => Buffer.from(String(text), "base64");
  return { keyId: String(keyId), nonce: bytes(nonce), ciphertext: bytes(ciphertext) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
