import type { Sql } from "../sql.ts";

/** Removes keys older than 24 h, at most `limit`. @returns how many. */
export async function deleteOldKeys(sql: Sql, limit: number): Promise<number> {
  const rows = await sql`
    delete from idempotency_key where ctid in (
      select ctid from idempotency_key where created_at < app_now() - interval '24 hours'
       limit ${limit} for update skip locked)
    returning key`;
  return rows.length;
}
