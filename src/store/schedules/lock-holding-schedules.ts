import type { Sql } from "../sql.ts";

/**
 * Locks those of the given definitions' schedules that have a held job, in the order of their ids.
 *
 * @returns the definitions that have one, also those that are gone
 */
export async function lockHoldingSchedules(sql: Sql, definitionIds: readonly string[]): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    with holding as (
      select asked.id from unnest(${definitionIds}::uuid[]) as asked (id)
       where exists (select from job_queue q where q.state = 'held' and q.definition_id = asked.id)
    ), locked as (
      select definition_id from schedule where definition_id in (select id from holding)
       order by definition_id for update
    )
    select holding.id from holding left join locked on locked.definition_id = holding.id`;
  return rows.map((row) => row.id);
}
