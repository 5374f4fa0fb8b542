/** `/secrets`: values go in and never come out. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { PutSecret, SecretAnswer, SecretList } from "../../../src/schemas/secrets.ts";
import { part, request } from "./request.ts";

/** A secret without its value. */
export type Secret = Static<typeof SecretAnswer>["secret"];

/** A page of secrets. */
export function secretsQuery(cursor: string | undefined) {
  return queryOptions({
    queryKey: ["secrets", cursor ?? ""],
    queryFn: ({ signal }) => request<Static<typeof SecretList>>("GET", "/secrets", { query: { cursor }, signal }),
  });
}

/** Makes a secret or replaces its value. */
export function putSecret(code: string, body: Pick<Static<typeof PutSecret>, "value" | "hosts">): Promise<unknown> {
  return request("PUT", `/secrets/${part(code)}`, { body });
}

/** Deletes a secret. */
export function deleteSecret(code: string): Promise<unknown> {
  return request("DELETE", `/secrets/${part(code)}`);
}
