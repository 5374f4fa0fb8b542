import type { DefinitionSave, SavedContent } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";

/** Reads what a definition said in a version: the newest content up to it. @returns undefined where that is no longer kept */
export async function findContent(
  sql: Sql,
  definitionId: string,
  version: number,
): Promise<(DefinitionSave & { readonly content: SavedContent }) | undefined> {
  const [row] = await sql<DefinitionSave & { readonly content: SavedContent }>`
    select version, saved_at as "savedAt", saved_by as "savedBy", content
      from definition_content
     where definition_id = ${definitionId}::uuid and version <= ${version}
     order by version desc limit 1`;
  return row;
}
