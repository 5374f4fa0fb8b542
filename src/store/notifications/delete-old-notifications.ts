import type { Sql } from "../sql.ts";

/** Removes notifications older than `days` days, at most `limit` rows, with what was noted of their reading. @returns how many */
export async function deleteOldNotifications(sql: Sql, days: number, limit: number): Promise<number> {
  const rows = await sql`
    with unread as (
      delete from notification_read where ctid in (
        select ctid from notification_read where at < app_now() - ${days}::integer * interval '24 hours' limit ${limit})
    )
    delete from notification where ctid in (
      select ctid from notification where at < app_now() - ${days}::integer * interval '24 hours'
       limit ${limit} for update skip locked)
    returning 1 as deleted`;
  return rows.length;
}
