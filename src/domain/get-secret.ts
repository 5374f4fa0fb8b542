import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { Secret } from "../model/secret.ts";
import { findSecret } from "../store/secrets/find-secret.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Reads a secret without its value. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function getSecret(context: Context, actor: Actor, secretCode: string): Promise<Secret> {
  const found = await readPatiently(context.database, (sql) => findSecret(sql, actor.customerCode, secretCode));
  if (!found) throw notFound("secret", secretCode);
  return found;
}
