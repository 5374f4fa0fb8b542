import type { Sql } from "../sql.ts";

/** Removes deliveries that ended more than `days` days ago, at most `limit`. @returns how many */
export async function deleteOldDeliveries(sql: Sql, days: number, limit: number): Promise<number> {
  const rows = await sql`
    delete from delivery where delivery_id = any (array(
      select delivery_id from delivery where ended_at < app_now() - ${days}::integer * interval '24 hours'
       order by ended_at limit ${limit} for update skip locked))
    returning 1 as deleted`;
  return rows.length;
}
