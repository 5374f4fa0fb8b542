import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { Role } from "../model/roles.ts";
import type { User } from "../model/user.ts";
import { announceKeyChange } from "../store/api-keys/announce-key-change.ts";
import { updateUser } from "../store/users/update-user.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { requireOtherAdmin } from "./steps/require-other-admin.ts";

/** Changes a person's name or role. @throws ApiError NOT_FOUND, CONFLICT where the last admin would go */
export async function changeUser(
  context: Context,
  actor: Actor,
  userId: string,
  change: { name?: string | undefined; role?: Role | undefined },
): Promise<User> {
  const user = await inTransaction(context.database, async (sql) => {
    if (change.role && change.role !== "admin") await requireOtherAdmin(sql, actor, userId);
    const user = await updateUser(sql, actor.customerCode, userId, {
      name: change.name ?? null,
      role: change.role ?? null,
    });
    if (!user) throw notFound("user", userId);
    await announceKeyChange(sql, actor.customerCode);
    await recordAudit(sql, context.clock, actor, "user.update", userId, { ...change });
    return user;
  });
  // This node must not wait for its own notification.
  context.events.emit("keysChanged", actor.customerCode);
  return user;
}
