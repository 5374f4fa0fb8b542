import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** A new row of the ledger. Times are milliseconds since 1970. */
export interface OccurrenceRow {
  readonly definitionId: string;
  readonly customerCode: string;
  readonly scheduledFor: number;
  readonly until: number;
  readonly count: number;
  readonly outcome: "fired" | "late" | "skipped" | "missed";
  readonly reason: string | null;
  readonly job: JobKey | null;
  readonly lateMs: number | null;
}

/**
 * Writes rows of the ledger, under the locks of their schedules.
 *
 * @throws where an occurrence has a row already: nothing of the transaction may then stand
 */
export async function writeOccurrences(sql: Sql, rows: readonly OccurrenceRow[]): Promise<void> {
  await sql`
    insert into occurrence (definition_id, scheduled_for, customer_code, until, count, outcome, reason, job_day, job_id,
                            late_ms)
    select * from unnest(
      ${rows.map((row) => row.definitionId)}::uuid[],
      ${rows.map((row) => new Date(row.scheduledFor).toISOString())}::timestamptz[],
      ${rows.map((row) => row.customerCode)}::text[],
      ${rows.map((row) => new Date(row.until).toISOString())}::timestamptz[],
      ${rows.map((row) => row.count)}::integer[],
      ${rows.map((row) => row.outcome)}::text[],
      ${rows.map((row) => row.reason)}::text[],
      ${rows.map((row) => row.job?.day ?? null)}::date[],
      ${rows.map((row) => row.job?.id ?? null)}::uuid[],
      ${rows.map((row) => row.lateMs)}::bigint[])`;
}
