import type { Actor } from "../model/actor.ts";
import type { ApiKey } from "../model/api-key.ts";
import { listApiKeys } from "../store/api-keys/list-api-keys.ts";
import type { Context } from "./context.ts";

/** Lists a customer's keys, from behind `after`. */
export async function findApiKeys(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<ApiKey[]> {
  return context.database.repeatable((sql) => listApiKeys(sql, actor.customerCode, after, limit));
}
