import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import { announceKeyChange } from "../store/api-keys/announce-key-change.ts";
import { deleteApiKey } from "../store/api-keys/delete-api-key.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Revokes a key, at once and on every node. @throws ApiError NOT_FOUND */
export async function revokeApiKey(context: Context, actor: Actor, apiKeyId: string): Promise<void> {
  await inTransaction(context.database, async (sql) => {
    if (!(await deleteApiKey(sql, actor.customerCode, apiKeyId))) throw notFound("API key", apiKeyId);
    await announceKeyChange(sql, actor.customerCode);
    await recordAudit(sql, context.clock, actor, "apiKey.revoke", apiKeyId);
  });
  // This node must not wait for its own notification.
  context.events.emit("keysChanged", actor.customerCode);
}
