import type { Actor } from "../model/actor.ts";
import { conflict } from "../model/api-errors.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import type { Context } from "./context.ts";
import { type NewDefinition, newContent } from "./steps/definition-content.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { insertNew } from "./steps/save-job-definition.ts";
import { tellDefinition } from "./tell-changes.ts";

/** Makes a definition. @throws ApiError VALIDATION_FAILED, CONFLICT where the code is taken */
export async function createJobDefinition(
  context: Context,
  actor: Actor,
  given: NewDefinition,
): Promise<JobDefinition> {
  const content = newContent(context, given);
  const made = await inTransaction(context.database, async (sql) => {
    const inserted = await insertNew(context, sql, actor, content);
    if (!inserted) throw conflict(`The job definition code ${content.jobDefinitionCode} is taken.`);
    return inserted;
  });
  tellDefinition(context.changes, actor.customerCode, made.jobDefinitionCode, "created");
  return made;
}
