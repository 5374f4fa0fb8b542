import type { Sql } from "../sql.ts";

/** Whether one of the newest thousand jobs of a definition has succeeded after a time. */
export async function hasSucceededSince(sql: Sql, definitionId: string, since: Date): Promise<boolean> {
  const [row] = await sql<{ succeeded: boolean }>`
    select exists (
      select from (select status, finished_at from job where definition_id = ${definitionId}::uuid
                    order by day desc, id desc limit 1000) newest
       where status = 'COMPLETED' and finished_at > ${since}::timestamptz) as succeeded`;
  return row?.succeeded === true;
}
