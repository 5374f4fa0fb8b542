import type { SavedContent } from "../../model/job-definition.ts";
import type { Sql } from "../sql.ts";

/** Keeps what a definition says from this version on, unless it said the same before. The caller holds the definition's lock. */
export async function insertContent(
  sql: Sql,
  definitionId: string,
  version: number,
  content: SavedContent,
  by: string,
): Promise<void> {
  await sql`
    insert into definition_content (definition_id, version, content, saved_by)
    select ${definitionId}::uuid, ${version}, given.content, ${by}
      from (select ${JSON.stringify(content)}::text::json as content) given
     where not exists (
       select from (select content from definition_content where definition_id = ${definitionId}::uuid
                     order by version desc limit 1) newest
        where newest.content::jsonb = given.content::jsonb
     )`;
}
