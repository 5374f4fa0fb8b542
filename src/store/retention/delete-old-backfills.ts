import type { Sql } from "../sql.ts";

/** Removes what was backfilled more than `days` days ago, at most `limit`; its jobs go by their own end. @returns how many */
export async function deleteOldBackfills(sql: Sql, days: number, limit: number): Promise<number> {
  const rows = await sql`
    delete from backfill where (definition_id, scheduled_for) in (
      select definition_id, scheduled_for from backfill
       where created_at < app_now() - ${days}::integer * interval '24 hours'
       order by created_at limit ${limit} for update skip locked)
    returning 1 as deleted`;
  return rows.length;
}
