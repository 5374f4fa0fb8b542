import type { Sql } from "../sql.ts";

/** Removes audit events older than `days` days, at most `limit`. @returns how many */
export async function deleteOldEvents(sql: Sql, days: number, limit: number): Promise<number> {
  const rows = await sql`
    delete from audit_event where ctid in (
      select ctid from audit_event where at < app_now() - ${days}::integer * interval '24 hours'
       limit ${limit} for update skip locked)
    returning 1 as deleted`;
  return rows.length;
}
