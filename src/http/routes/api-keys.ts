import { createApiKey } from "../../domain/create-api-key.ts";
import { listApiKeys } from "../../domain/list-api-keys.ts";
import { revokeApiKey } from "../../domain/revoke-api-key.ts";
import { apiKeyIdPattern } from "../../model/api-key.ts";
import { ApiKeyCreated, ApiKeyList, ApiKeyPath, NewApiKey } from "../../schemas/api-keys.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { page, readCursor } from "../cursor.ts";
import { created, NoBody, noContent, ok, problems, route } from "../route.ts";

const list = "apiKeys";

/** For admins who let a program or a person in. */
export const createApiKeyRoute = route({
  method: "POST",
  url: "/api-keys",
  role: "admin",
  summary: "Make an API key; it is shown this once",
  description: "Without `userEmail` the key is the caller's own. A key never does more than its person may.",
  body: NewApiKey,
  answers: { 201: ApiKeyCreated },
  async handle({ actor, body, context }) {
    const { expiresAt, ...given } = body.apiKey;
    const apiKey = await createApiKey(context, actor, { ...given, expiresAt: expiresAt ? new Date(expiresAt) : null });
    return created({ apiKey });
  },
});

/** For admins who look which keys exist and when each was last used. */
export const listApiKeysRoute = route({
  method: "GET",
  url: "/api-keys",
  role: "admin",
  summary: "List API keys, without their secrets",
  query: closed(Page),
  answers: { 200: ApiKeyList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const after = readCursor(list, query.cursor, apiKeyIdPattern);
    const found = await listApiKeys(context, actor, after ?? null, limit + 1);
    const { items, nextCursor } = page(list, found, limit, (apiKey) => apiKey.apiKeyId);
    return ok({ apiKeys: items, nextCursor });
  },
});

/** For admins whose key has leaked or is no longer needed. */
export const revokeApiKeyRoute = route({
  method: "DELETE",
  url: "/api-keys/:apiKeyId",
  role: "admin",
  summary: "Revoke an API key, at once and on every node",
  params: ApiKeyPath,
  answers: { 204: NoBody, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    await revokeApiKey(context, actor, params.apiKeyId);
    return noContent();
  },
});
