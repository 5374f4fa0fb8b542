import type { Sql } from "../sql.ts";

/**
 * Leaves something that could not be told for later: `seconds` more after each try.
 *
 * @returns the tries so far; undefined where it has been told meanwhile
 */
export async function postponeHappening(sql: Sql, happeningId: string, seconds: number): Promise<number | undefined> {
  const [row] = await sql<{ attempts: number }>`
    update happening
       set attempts = attempts + 1, due_at = app_now() + (attempts + 1) * ${seconds}::integer * interval '1 s'
     where happening_id = ${happeningId}::uuid
    returning attempts`;
  return row?.attempts;
}
