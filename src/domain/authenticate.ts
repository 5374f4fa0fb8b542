/**
 * Lets requests in: finds the actor behind a key, or behind a session of the page.
 *
 * States of what is remembered: trusted while notifications of other nodes arrive → forgotten and unused while they
 * do not. Invariants: a key that was revoked, or whose person's role changed, is forgotten on every node when that
 * transaction commits; nothing is remembered longer than 5 s, which bounds a connection that died without a word; an
 * expired key is refused at its moment; only keys whose secret was right are remembered. A session is as a key in all of this.
 */
import { LRUCache } from "lru-cache";
import type { Actor } from "../model/actor.ts";
import { ApiError } from "../model/api-errors.ts";
import { isSecretOf, parseApiKey } from "../model/api-key.ts";
import { lesserRole } from "../model/roles.ts";
import { parseSessionToken } from "../model/session.ts";
import type { Events } from "../runtime/events.ts";
import { findApiKey, type StoredApiKey } from "../store/api-keys/find-api-key.ts";
import { touchApiKeys } from "../store/api-keys/touch-api-keys.ts";
import type { Database } from "../store/database.ts";
import { findSession } from "../store/sessions/find-session.ts";
import type { Sql } from "../store/sql.ts";
import { readPatiently } from "./steps/read-patiently.ts";

const rememberMs = 5_000;

/** How every API key begins, and no session. */
const keyStart = "pnc_";

/** Finds who is behind a key or a session, mostly from memory. */
export interface Authenticator {
  /** @param bearer an API key @throws ApiError UNAUTHENTICATED, UNAVAILABLE */
  authenticate(bearer: string): Promise<Actor>;
  /** @param token of a session of the page @throws ApiError UNAUTHENTICATED, UNAVAILABLE */
  authenticateSession(token: string): Promise<Actor>;
  /** Writes which keys have been used since the last call. */
  writeLastUse(): Promise<void>;
}

interface Remembered {
  readonly stored: StoredApiKey;
  /** `performance.now()` at which the key expires. */
  readonly validUntil: number;
}

/** Makes the authenticator of this node. */
export function createAuthenticator(database: Database, events: Events): Authenticator {
  // Keyed by the whole key: an entry proves that this very secret was right, without hashing it again.
  const remembered = new LRUCache<string, Remembered>({ max: 10_000, ttl: rememberMs });
  const used = new Set<string>();
  let listening = false;
  let generation = 0;

  function forget(): void {
    generation += 1;
    remembered.clear();
  }
  events.on("keysChanged", forget);
  events.on("listening", (now) => {
    listening = now;
    forget();
  });

  async function lookUpKey(bearer: string): Promise<Remembered | undefined> {
    const parsed = parseApiKey(bearer);
    return parsed && lookUp(bearer, parsed.secret, (sql) => findApiKey(sql, parsed.apiKeyId));
  }

  async function lookUpSession(token: string): Promise<Remembered | undefined> {
    const parsed = parseSessionToken(token);
    return parsed && lookUp(token, parsed.secret, (sql) => findSession(sql, parsed.sessionId));
  }

  async function lookUp(
    bearer: string,
    secret: string,
    find: (sql: Sql) => Promise<StoredApiKey | undefined>,
  ): Promise<Remembered | undefined> {
    const known = generation;
    const stored = await readPatiently(database, find);
    if (!stored || !isSecretOf(secret, stored.secretHash)) return undefined;
    const validUntil = performance.now() + (stored.validForMs ?? Number.POSITIVE_INFINITY);
    const entry = { stored, validUntil };
    // What was read before a change was heard of must not outlive it.
    if (listening && known === generation) remembered.set(bearer, entry);
    return entry;
  }

  function letIn(entry: Remembered | undefined, refusals: { unknown: string; expired: string }): Actor {
    if (!entry) throw new ApiError("UNAUTHENTICATED", refusals.unknown);
    if (performance.now() >= entry.validUntil) throw new ApiError("UNAUTHENTICATED", refusals.expired);
    const { stored } = entry;
    used.add(stored.apiKeyId);
    return {
      customerCode: stored.customerCode,
      apiKeyId: stored.apiKeyId,
      userId: stored.userId,
      email: stored.email,
      role: lesserRole(stored.keyRole, stored.userRole),
    };
  }

  // Keys and sessions are told apart by their first letters, so neither passes for the other.
  return {
    async authenticate(bearer) {
      const entry = bearer.startsWith(keyStart) ? (remembered.get(bearer) ?? (await lookUpKey(bearer))) : undefined;
      return letIn(entry, {
        unknown: "The API key is unknown or has been revoked.",
        expired: "The API key has expired.",
      });
    },
    async authenticateSession(token) {
      const entry = token.startsWith(keyStart) ? undefined : (remembered.get(token) ?? (await lookUpSession(token)));
      const over = "The session has ended: sign in again.";
      return letIn(entry, { unknown: over, expired: over });
    },
    async writeLastUse() {
      if (used.size === 0) return;
      const ids = [...used];
      used.clear();
      try {
        await touchApiKeys(database.sql, ids);
      } catch (error) {
        for (const id of ids) used.add(id);
        throw error;
      }
    },
  };
}
