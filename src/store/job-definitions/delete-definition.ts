import type { Sql } from "../sql.ts";

/** Removes a definition; its jobs stay. The caller holds the row's lock. */
export async function deleteDefinition(sql: Sql, definitionId: string): Promise<void> {
  await sql`delete from job_definition where definition_id = ${definitionId}::uuid`;
}
