/** API keys: `pnc_<id>_<secret>`, of which only the SHA-256 of the secret is kept. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Role } from "./roles.ts";

/** A key as it is listed: never with its secret. */
export interface ApiKey {
  readonly apiKeyId: string;
  readonly name: string;
  readonly role: Role;
  readonly userEmail: string;
  readonly expiresAt: Date | null;
  /** Written at most once a minute. */
  readonly lastUsedAt: Date | null;
  readonly createdAt: Date;
  readonly createdBy: string;
}

/** The pattern of a key's id, for schemas. */
export const apiKeyIdPattern = "^[0-9a-z]{16}$";

const pattern = /^pnc_([0-9a-z]{16})_([0-9A-Za-z_-]{43})$/;

/** A key that has just been made; `key` is shown once. */
export interface NewApiKey {
  readonly apiKeyId: string;
  readonly key: string;
  readonly secretHash: Uint8Array;
}

/** Makes a key: 64 random bits of id, 256 of secret. */
export function newApiKey(): NewApiKey {
  const apiKeyId = randomBytes(8).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  return { apiKeyId, key: `pnc_${apiKeyId}_${secret}`, secretHash: hashSecret(secret) };
}

/** Takes a key apart; undefined where the text is none. */
export function parseApiKey(text: string): { apiKeyId: string; secret: string } | undefined {
  const [, apiKeyId, secret] = pattern.exec(text) ?? [];
  return apiKeyId !== undefined && secret !== undefined ? { apiKeyId, secret } : undefined;
}

/** SHA-256: the secret has 256 random bits, so there is nothing to guess and a slow hash would add nothing. */
export function hashSecret(secret: string): Uint8Array {
  return createHash("sha256").update(secret).digest();
}

/** Compares in constant time. */
export function isSecretOf(secret: string, secretHash: Uint8Array): boolean {
  return timingSafeEqual(hashSecret(secret), secretHash);
}
