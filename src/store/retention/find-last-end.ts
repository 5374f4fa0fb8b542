import type { Sql } from "../sql.ts";

/**
 * When the last job of a day ended, and whether that is more than `days` days ago; undefined where the day has no job.
 *
 * It reads the whole day.
 */
export async function findLastEnd(
  sql: Sql,
  day: string,
  days: number,
): Promise<{ at: Date; isExpired: boolean } | undefined> {
  const [row] = await sql<{ at: Date | null; isExpired: boolean | null }>`
    select max(finished_at) as at,
           max(finished_at) < app_now() - ${days}::integer * interval '24 hours' as "isExpired"
      from job where day = ${day}::date`;
  return row?.at ? { at: row.at, isExpired: row.isExpired === true } : undefined;
}
