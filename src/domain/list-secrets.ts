import type { Actor } from "../model/actor.ts";
import type { Secret } from "../model/secret.ts";
import { listSecrets as list } from "../store/secrets/list-secrets.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists a customer's secrets without their values, from behind `after`. @throws ApiError UNAVAILABLE */
export async function listSecrets(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<Secret[]> {
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, after, limit));
}
