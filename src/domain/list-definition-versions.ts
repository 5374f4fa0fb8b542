import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { DefinitionSave } from "../model/job-definition.ts";
import { listContents } from "../store/definition-contents/list-contents.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists the saves of a definition, newest first, from before version `before`. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function listDefinitionVersions(
  context: Context,
  actor: Actor,
  code: string,
  before: number | null,
  limit: number,
): Promise<DefinitionSave[]> {
  return readPatiently(context.database, async (sql) => {
    const definition = await findDefinition(sql, actor.customerCode, code);
    if (!definition) throw notFound("job definition", code);
    return listContents(sql, definition.id, before, limit);
  });
}
