/** `/users` and `/api-keys`: who may do what; for admins. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { ApiKeyCreated, ApiKeyList, NewApiKey } from "../../../src/schemas/api-keys.ts";
import type { NewUser, UserChange, UserList } from "../../../src/schemas/users.ts";
import { part, request } from "./request.ts";

/** A person. */
export type User = Static<typeof UserList>["users"][number];
/** A key, without its secret. */
export type ApiKey = Static<typeof ApiKeyList>["apiKeys"][number];

/** People, up to 200 from behind a cursor. */
export function usersQuery(cursor: string | undefined) {
  return queryOptions({
    queryKey: ["users", cursor ?? ""],
    queryFn: ({ signal }) =>
      request<Static<typeof UserList>>("GET", "/users", { query: { limit: 200, cursor }, signal }),
  });
}

/** Adds a person. */
export function createUser(user: Static<typeof NewUser>["user"]): Promise<unknown> {
  return request("POST", "/users", { body: { user } });
}

/** Changes a person's role. */
export function changeUser(userId: string, user: Static<typeof UserChange>["user"]): Promise<unknown> {
  return request("PATCH", `/users/${part(userId)}`, { body: { user } });
}

/** Removes a person, and all keys of that person. */
export function removeUser(userId: string): Promise<unknown> {
  return request("DELETE", `/users/${part(userId)}`);
}

/** Keys, up to 200 from behind a cursor. */
export function apiKeysQuery(cursor: string | undefined) {
  return queryOptions({
    queryKey: ["api-keys", cursor ?? ""],
    queryFn: ({ signal }) =>
      request<Static<typeof ApiKeyList>>("GET", "/api-keys", { query: { limit: 200, cursor }, signal }),
  });
}

/** Makes a key; the answer alone holds it. */
export async function createApiKey(
  apiKey: Static<typeof NewApiKey>["apiKey"],
): Promise<Static<typeof ApiKeyCreated>["apiKey"]> {
  return (await request<Static<typeof ApiKeyCreated>>("POST", "/api-keys", { body: { apiKey } })).apiKey;
}

/** Revokes a key, at once. */
export function revokeApiKey(apiKeyId: string): Promise<unknown> {
  return request("DELETE", `/api-keys/${part(apiKeyId)}`);
}
