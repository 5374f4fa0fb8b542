import type { Sql } from "../sql.ts";

/** Removes the oldest contents of a definition, down to so many, and to so many bytes as they are stored; the newest stays. */
export async function deleteOldContents(
  sql: Sql,
  definitionId: string,
  most: { readonly contents: number; readonly bytes: number },
): Promise<void> {
  await sql`
    delete from definition_content c using (
      select version, row_number() over newest_first as place, sum(pg_column_size(content)) over newest_first as bytes
        from definition_content where definition_id = ${definitionId}::uuid
      window newest_first as (order by version desc)
    ) kept
     where c.definition_id = ${definitionId}::uuid and c.version = kept.version
       and kept.place > 1 and (kept.place > ${most.contents} or kept.bytes > ${most.bytes})`;
}
