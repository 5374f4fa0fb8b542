import type { Sql } from "../sql.ts";

/** When the last success after a time was, among the newest thousand jobs of a definition. @returns null: there is none */
export async function findSuccessSince(sql: Sql, definitionId: string, since: Date): Promise<Date | null> {
  const [row] = await sql<{ last: Date | null }>`
    select max(finished_at) as last
      from (select status, finished_at from job where definition_id = ${definitionId}::uuid
             order by day desc, id desc limit 1000) newest
     where status = 'COMPLETED' and finished_at > ${since}::timestamptz`;
  return row?.last ?? null;
}
