/** Sessions of the page: what the cookie, the sign-in link and the CSRF header hold. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { hashSecret } from "./api-key.ts";

/** How long a session lasts, in seconds: 7 days. */
export const sessionSeconds = 7 * 86_400;

/** How long a sign-in link can be used, in seconds: 1 hour. */
export const linkSeconds = 3_600;

const pattern = /^pns_([0-9a-f]{32})_([0-9A-Za-z_-]{43})$/;

/** A session, or a link, that has just been made. Only the hash of its secret is kept. */
export interface NewSession {
  readonly sessionId: string;
  readonly token: string;
  readonly secretHash: Uint8Array;
}

/** Makes the id and secret of a session or of a link. */
export function newSession(): NewSession {
  const sessionId = randomBytes(16).toString("hex");
  const secret = randomBytes(32).toString("base64url");
  return { sessionId, token: `pns_${sessionId}_${secret}`, secretHash: hashSecret(secret) };
}

/** Takes the token of a session or link apart; undefined where the text is none. */
export function parseSessionToken(text: string): { sessionId: string; secret: string } | undefined {
  const [, sessionId, secret] = pattern.exec(text) ?? [];
  return sessionId !== undefined && secret !== undefined ? { sessionId, secret } : undefined;
}

/**
 * What writes of a session must send in `X-CSRF-Token`: derived from the token, so that every node can tell it, and of
 * no use for finding the token.
 */
export function csrfTokenOf(token: string): string {
  return createHash("sha256").update(`csrf ${token}`).digest("base64url");
}

/** Whether a header holds the CSRF token of a session; compared in constant time. */
export function isCsrfTokenOf(token: string, header: string | undefined): boolean {
  if (header === undefined) return false;
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(csrfTokenOf(token)), digest(header));
}
