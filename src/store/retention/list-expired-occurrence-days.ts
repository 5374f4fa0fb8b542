import type { Sql } from "../sql.ts";

/**
 * Lists the days (`YYYY-MM-DD`) of the ledger of schedules that ended more than `days` days ago, oldest first: those that have a
 * table left, be it one that is no partition any more.
 */
export async function listExpiredOccurrenceDays(sql: Sql, days: number): Promise<string[]> {
  const rows = await sql<{ day: string }>`
    with stored as (
      select to_date(right(relname, 8), 'YYYYMMDD') as day from pg_class
       where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname ~ '^occurrence_[0-9]{8}$'
    )
    select day from stored
     where (day + 1)::timestamp at time zone 'UTC' <= app_now() - ${days}::integer * interval '24 hours'
     order by day`;
  return rows.map((row) => row.day);
}
