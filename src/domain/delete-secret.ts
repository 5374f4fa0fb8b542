import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import { deleteSecret as remove } from "../store/secrets/delete-secret.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** Deletes a secret; jobs that refer to it fail from their next run on. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function deleteSecret(context: Context, actor: Actor, secretCode: string): Promise<void> {
  await inTransaction(context.database, async (sql) => {
    if (!(await remove(sql, actor.customerCode, secretCode))) throw notFound("secret", secretCode);
    await recordAudit(sql, context.clock, actor, "secret.delete", secretCode);
  });
}
