/**
 * Lets requests in: finds the actor behind a key.
 *
 * States of what is remembered: trusted while notifications of other nodes arrive → forgotten and unused while they
 * do not. Invariants: a key that was revoked, or whose person's role changed, is forgotten on every node when that
 * transaction commits; nothing is remembered longer than 5 s, which bounds a connection that died without a word; an
 * expired key is refused at its moment; only keys whose secret was right are remembered.
 */
import { LRUCache } from "lru-cache";
import type { Actor } from "../model/actor.ts";
import { ApiError } from "../model/api-errors.ts";
import { isSecretOf, parseApiKey } from "../model/api-key.ts";
import { lesserRole } from "../model/roles.ts";
import type { Events } from "../runtime/events.ts";
import { findApiKey, type StoredApiKey } from "../store/api-keys/find-api-key.ts";
import { touchApiKeys } from "../store/api-keys/touch-api-keys.ts";
import type { Database } from "../store/database.ts";
import { readPatiently } from "./steps/read-patiently.ts";

const rememberMs = 5_000;

/** Finds who is behind a key, mostly from memory. */
export interface Authenticator {
  /** @throws ApiError UNAUTHENTICATED, UNAVAILABLE */
  authenticate(bearer: string): Promise<Actor>;
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

  async function lookUp(bearer: string): Promise<Remembered | undefined> {
    const parsed = parseApiKey(bearer);
    if (!parsed) return undefined;
    const known = generation;
    const stored = await readPatiently(database, (sql) => findApiKey(sql, parsed.apiKeyId));
    if (!stored || !isSecretOf(parsed.secret, stored.secretHash)) return undefined;
    const validUntil = performance.now() + (stored.validForMs ?? Number.POSITIVE_INFINITY);
    const entry = { stored, validUntil };
    // What was read before a change was heard of must not outlive it.
    if (listening && known === generation) remembered.set(bearer, entry);
    return entry;
  }

  return {
    async authenticate(bearer) {
      const entry = remembered.get(bearer) ?? (await lookUp(bearer));
      if (!entry) throw new ApiError("UNAUTHENTICATED", "The API key is unknown or has been revoked.");
      if (performance.now() >= entry.validUntil) throw new ApiError("UNAUTHENTICATED", "The API key has expired.");
      const { stored } = entry;
      used.add(stored.apiKeyId);
      return {
        customerCode: stored.customerCode,
        apiKeyId: stored.apiKeyId,
        userId: stored.userId,
        email: stored.email,
        role: lesserRole(stored.keyRole, stored.userRole),
      };
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
