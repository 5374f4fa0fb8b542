import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import type { Context } from "./context.ts";
import { changedContent, type GivenDefinition } from "./steps/definition-content.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import {
  admitDefinition,
  findLocked,
  type IfMatch,
  replace,
  requireMatch,
  requireSameCode,
} from "./steps/save-job-definition.ts";
import { tellDefinition } from "./tell-changes.ts";

/** Changes what is given of a definition. @throws ApiError NOT_FOUND, VALIDATION_FAILED, PRECONDITION_FAILED */
export async function changeJobDefinition(
  context: Context,
  actor: Actor,
  code: string,
  change: GivenDefinition,
  ifMatch: IfMatch,
): Promise<JobDefinition> {
  requireSameCode(code, change);
  const changed = await inTransaction(context.database, async (sql) => {
    const before = await findLocked(sql, actor, code);
    if (!before) throw notFound("job definition", code);
    requireMatch(before, ifMatch);
    return replace(context, sql, actor, before, changedContent(context, before, change));
  });
  admitDefinition(context, actor, changed.id);
  tellDefinition(context.changes, actor.customerCode, code, "changed");
  return changed;
}
