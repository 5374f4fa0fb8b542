import type { Sql } from "../sql.ts";

/** Puts off by a minute what was put aside of a schedule and cannot be settled. */
export async function postponeBacklogs(sql: Sql, definitionId: string): Promise<void> {
  await sql`
    update schedule_backlog set due_at = app_now() + interval '1 minute'
     where definition_id = ${definitionId}::uuid and due_at <= app_now()`;
}
