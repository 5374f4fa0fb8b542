import type { Sql } from "../sql.ts";

/** Gives up what cannot be told. */
export async function deleteHappening(sql: Sql, happeningId: string): Promise<void> {
  await sql`delete from happening where happening_id = ${happeningId}::uuid`;
}
