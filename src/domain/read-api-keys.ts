import type { Actor } from "../model/actor.ts";
import type { ApiKey } from "../model/api-key.ts";
import { listApiKeys } from "../store/api-keys/list-api-keys.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./read-patiently.ts";

/** Lists a customer's keys, from behind `after`. */
export async function findApiKeys(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<ApiKey[]> {
  return readPatiently(context.database, (sql) => listApiKeys(sql, actor.customerCode, after, limit));
}
