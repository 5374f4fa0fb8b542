import type { Actor } from "../model/actor.ts";
import { invalid } from "../model/api-errors.ts";
import { type ApiKey, newApiKey } from "../model/api-key.ts";
import { type Role, roleSuffices } from "../model/roles.ts";
import { insertApiKey } from "../store/api-keys/insert-api-key.ts";
import { findUserByEmail } from "../store/users/find-user-by-email.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Makes a key for a person of the customer; `key` is shown this once. @throws ApiError VALIDATION_FAILED */
export async function createApiKey(
  context: Context,
  actor: Actor,
  given: { name: string; role: Role; userEmail?: string | undefined; expiresAt?: Date | null | undefined },
): Promise<ApiKey & { key: string }> {
  const expiresAt = given.expiresAt ?? null;
  if (expiresAt && expiresAt.getTime() <= context.clock.now()) {
    throw invalid([{ path: "/apiKey/expiresAt", message: "lies in the past" }]);
  }
  return inTransaction(context.database, async (sql) => {
    const user = await findUserByEmail(sql, actor.customerCode, given.userEmail ?? actor.email);
    if (!user)
      throw invalid([{ path: "/apiKey/userEmail", message: "no user has this address; create the user first" }]);
    if (!roleSuffices(user.role, given.role)) {
      throw invalid([{ path: "/apiKey/role", message: `is more than the user's own role, ${user.role}` }]);
    }
    const { apiKeyId, key, secretHash } = newApiKey();
    const shown = { apiKeyId, name: given.name, role: given.role, expiresAt, createdBy: actor.email };
    const createdAt = await insertApiKey(sql, actor.customerCode, { ...shown, userId: user.userId, secretHash });
    await recordAudit(sql, context.clock, actor, "apiKey.create", apiKeyId, { name: given.name, role: given.role });
    return { ...shown, userEmail: user.email, lastUsedAt: null, createdAt, key };
  });
}
