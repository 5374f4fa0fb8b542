import type { Actor } from "../model/actor.ts";
import { announceKeyChange } from "../store/api-keys/announce-key-change.ts";
import { deleteSession } from "../store/sessions/delete-session.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Ends a session, at once and on every node. */
export async function closeSession(context: Context, actor: Actor, sessionId: string): Promise<void> {
  await inTransaction(context.database, async (sql) => {
    await deleteSession(sql, sessionId);
    await announceKeyChange(sql, actor.customerCode);
    await recordAudit(sql, context.clock, actor, "session.close", actor.apiKeyId);
  });
  // This node must not wait for its own notification.
  context.events.emit("keysChanged", actor.customerCode);
}
