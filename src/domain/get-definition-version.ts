import type { Actor } from "../model/actor.ts";
import { ApiError, notFound } from "../model/api-errors.ts";
import type { DefinitionSave, JobDefinitionContent } from "../model/job-definition.ts";
import { findContent } from "../store/definition-contents/find-content.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** What a definition said in a version, and the save that made it say so. */
export type DefinitionVersion = DefinitionSave & { readonly content: JobDefinitionContent };

/** Reads what a definition said in one of its versions. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function getDefinitionVersion(
  context: Context,
  actor: Actor,
  code: string,
  version: number,
): Promise<DefinitionVersion> {
  return readPatiently(context.database, async (sql) => {
    const definition = await findDefinition(sql, actor.customerCode, code);
    if (!definition) throw notFound("job definition", code);
    const found = version <= definition.version ? await findContent(sql, definition.id, version) : undefined;
    if (found) return { ...found, content: { jobDefinitionCode: code, ...found.content } };
    const why = version > definition.version ? `it is at version ${definition.version}` : "it is no longer kept";
    throw new ApiError("NOT_FOUND", `There is no version ${version} of the job definition ${code}: ${why}.`);
  });
}
