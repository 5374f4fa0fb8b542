import type { Sql } from "../sql.ts";

/** Occurrences without a job that share the row of those right before them. */
export interface ExtendedRow {
  readonly definitionId: string;
  /** Where the row begins, in milliseconds since 1970, as `until`. */
  readonly from: number;
  readonly until: number;
  /** How many they are. */
  readonly count: number;
}

/** Lets occurrences share rows that the ledger has, under the locks of their schedules. */
export async function extendOccurrences(sql: Sql, rows: readonly ExtendedRow[]): Promise<void> {
  await sql`
    update occurrence o set until = e.until, count = o.count + e.count
      from unnest(
        ${rows.map((row) => row.definitionId)}::uuid[],
        ${rows.map((row) => new Date(row.from).toISOString())}::timestamptz[],
        ${rows.map((row) => new Date(row.until).toISOString())}::timestamptz[],
        ${rows.map((row) => row.count)}::integer[]
      ) as e (definition_id, scheduled_for, until, count)
     where o.definition_id = e.definition_id and o.scheduled_for = e.scheduled_for`;
}
