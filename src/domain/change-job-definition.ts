import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import type { Context } from "./context.ts";
import { countSkipped } from "./steps/count-skipped.ts";
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
  const { definition, skipped } = await inTransaction(context.database, async (sql) => {
    const before = await findLocked(sql, actor, code);
    if (!before) throw notFound("job definition", code);
    requireMatch(before, ifMatch);
    return replace(context, sql, actor, before, changedContent(context, before, change));
  });
  admitDefinition(context, actor, definition.id);
  countSkipped(context, actor.customerCode, skipped);
  tellDefinition(context.changes, actor.customerCode, code, "changed");
  return definition;
}
