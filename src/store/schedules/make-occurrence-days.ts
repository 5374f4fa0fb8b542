import type { Sql } from "../sql.ts";

/** Makes the ledger's partitions of days (`YYYY-MM-DD`); those that are there stay. */
export async function makeOccurrenceDays(sql: Sql, days: readonly string[]): Promise<void> {
  await sql`select make_occurrence_day(day) from unnest(${days}::date[]) as d (day)`;
}
