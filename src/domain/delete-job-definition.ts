import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import { deleteDefinition } from "../store/job-definitions/delete-definition.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { admitDefinition, findLocked, type IfMatch, requireMatch } from "./steps/save-job-definition.ts";
import { tellDefinition } from "./tell-changes.ts";

/** Deletes a definition; its jobs run on and stay readable. @throws ApiError NOT_FOUND, PRECONDITION_FAILED */
export async function deleteJobDefinition(
  context: Context,
  actor: Actor,
  code: string,
  ifMatch: IfMatch,
): Promise<void> {
  const definitionId = await inTransaction(context.database, async (sql) => {
    const before = await findLocked(sql, actor, code);
    if (!before) throw notFound("job definition", code);
    requireMatch(before, ifMatch);
    await deleteDefinition(sql, before.id);
    await recordAudit(sql, context.clock, actor, "jobDefinition.delete", code, { version: before.version });
    return before.id;
  });
  admitDefinition(context, actor, definitionId);
  tellDefinition(context.changes, actor.customerCode, code, "deleted");
}
