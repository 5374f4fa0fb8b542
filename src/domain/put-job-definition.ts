import type { Actor } from "../model/actor.ts";
import { conflict } from "../model/api-errors.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import type { GivenSchedule } from "../model/schedule.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import type { Context } from "./context.ts";
import { countSkipped } from "./steps/count-skipped.ts";
import { type NewDefinition, newContent } from "./steps/definition-content.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import {
  admitDefinition,
  failedMatch,
  findLocked,
  type IfMatch,
  insertNew,
  replace,
  requireMatch,
  requireSameCode,
} from "./steps/save-job-definition.ts";
import { tellDefinition } from "./tell-changes.ts";

/** Makes a definition or replaces it whole. @throws ApiError VALIDATION_FAILED, PRECONDITION_FAILED */
export async function putJobDefinition(
  context: Context,
  actor: Actor,
  code: string,
  given: NewDefinition,
  ifMatch: IfMatch,
): Promise<{ definition: JobDefinition; outcome: "created" | "replaced" }> {
  requireSameCode(code, given);
  const saved = given.schedule ? await readSchedule(context, actor, code) : null;
  const content = newContent(context, given, saved);
  const { definition, skipped, outcome } = await inTransaction(context.database, async (sql) => {
    if (!ifMatch) {
      const made = await insertNew(context, sql, actor, content);
      if (made) return { definition: made, skipped: [], outcome: "created" as const };
    }
    const before = await findLocked(sql, actor, code);
    if (!before) throw ifMatch ? failedMatch(code) : conflict(`The job definition ${code} was deleted meanwhile.`);
    requireMatch(before, ifMatch);
    return { ...(await replace(context, sql, actor, before, content)), outcome: "replaced" as const };
  });
  admitDefinition(context, actor, definition.id);
  countSkipped(context, actor.customerCode, skipped);
  tellDefinition(context.changes, actor.customerCode, code, outcome === "created" ? "created" : "changed");
  return { definition, outcome };
}

/** The schedule that the definition has now: one that comes back as it is need not have an occurrence left. */
async function readSchedule(context: Context, actor: Actor, code: string): Promise<GivenSchedule | null> {
  const definition = await context.database.repeatable((sql) => findDefinition(sql, actor.customerCode, code));
  return definition?.schedule ?? null;
}
