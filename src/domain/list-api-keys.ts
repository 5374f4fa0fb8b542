import type { Actor } from "../model/actor.ts";
import type { ApiKey } from "../model/api-key.ts";
import { listApiKeys as list } from "../store/api-keys/list-api-keys.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists a customer's keys, from behind `after`. */
export async function listApiKeys(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<ApiKey[]> {
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, after, limit));
}
