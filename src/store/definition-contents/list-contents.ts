import type { DefinitionSave } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";

/** Lists the saves of a definition, newest first, from before version `before`. */
export async function listContents(
  sql: Sql,
  definitionId: string,
  before: number | null,
  limit: number,
): Promise<DefinitionSave[]> {
  return sql<DefinitionSave>`
    select version, saved_at as "savedAt", saved_by as "savedBy"
      from definition_content
     where definition_id = ${definitionId}::uuid and (${before}::integer is null or version < ${before})
     order by version desc limit ${limit}`;
}
