import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import { announceKeyChange } from "../store/api-keys/announce-key-change.ts";
import { deleteUser } from "../store/users/delete-user.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireOtherAdmin } from "./steps/require-other-admin.ts";

/** Removes a person and revokes the person's keys. @throws ApiError NOT_FOUND, CONFLICT where the last admin would go */
export async function removeUser(context: Context, actor: Actor, userId: string): Promise<void> {
  await inTransaction(context.database, async (sql) => {
    await requireOtherAdmin(sql, actor, userId);
    if (!(await deleteUser(sql, actor.customerCode, userId))) throw notFound("user", userId);
    await announceKeyChange(sql, actor.customerCode);
    await recordAudit(sql, context.clock, actor, "user.delete", userId);
  });
  // This node must not wait for its own notification.
  context.events.emit("keysChanged", actor.customerCode);
}
