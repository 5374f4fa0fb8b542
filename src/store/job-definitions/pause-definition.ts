import type { Sql } from "../sql.ts";

/** Writes that a definition is paused, or, without `pause`, that it is not, and raises its version. The caller holds the row's lock. */
export async function pauseDefinition(
  sql: Sql,
  definitionId: string,
  pause: { readonly reason: string | null; readonly by: string } | null,
  by: string,
): Promise<void> {
  await sql`
    update job_definition
       set paused = ${pause !== null}, paused_reason = ${pause?.reason ?? null}, paused_by = ${pause?.by ?? null},
           version = version + 1, updated_at = app_now(), updated_by = ${by}
     where definition_id = ${definitionId}::uuid`;
}
