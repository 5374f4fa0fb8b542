/** Rows of the ledger as the scheduler would have left them, for tests of what reads them. */
import type { TestDatabase } from "./database.ts";

export interface LedgerRow {
  readonly at: string;
  /** The last occurrence of a range. */
  readonly until?: string;
  readonly count?: number;
  readonly outcome: "fired" | "late" | "skipped" | "missed";
  readonly reason?: string;
  readonly jobId?: string;
  readonly lateMs?: number;
}

async function definitionId({ sql }: TestDatabase, customerCode: string, code: string): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    select definition_id as id from job_definition
     where customer_code = ${customerCode} and job_definition_code = ${code}`;
  if (!row) throw new Error(`there is no definition ${code}`);
  return row.id;
}

/** Writes rows; the days that they need are made. Jobs' ids are given as the UUID alone. */
export async function writeLedger(
  database: TestDatabase,
  code: string,
  rows: readonly LedgerRow[],
  customerCode = "demo",
): Promise<void> {
  const { sql } = database;
  const id = await definitionId(database, customerCode, code);
  for (const { at, until = at, count = 1, outcome, reason = null, jobId = null, lateMs = null } of rows) {
    await sql`select make_occurrence_day((${at}::timestamptz at time zone 'UTC')::date)`;
    await sql`
      insert into occurrence (definition_id, scheduled_for, customer_code, until, count, outcome, reason, job_day, job_id, late_ms)
      values (${id}, ${at}, ${customerCode}, ${until}, ${count}, ${outcome}, ${reason},
              case when ${jobId}::uuid is not null then (${at}::timestamptz at time zone 'UTC')::date end, ${jobId}, ${lateMs})`;
  }
}

/** Writes that a past time was backfilled; the schedule has its row. */
export async function writeBackfill(
  database: TestDatabase,
  code: string,
  at: string,
  jobId: string,
  customerCode = "demo",
): Promise<void> {
  const id = await definitionId(database, customerCode, code);
  await database.sql`
    insert into backfill (definition_id, customer_code, scheduled_for, job_day, job_id)
    values (${id}, ${customerCode}, ${at}, '2026-03-01', ${jobId})`;
}

/** Says up to where a schedule has been settled, and when it fires next. */
export async function settleSchedule(
  database: TestDatabase,
  code: string,
  position: string,
  nextFireAt: string | null,
  customerCode = "demo",
): Promise<void> {
  const id = await definitionId(database, customerCode, code);
  await database.sql`
    insert into schedule (definition_id, customer_code, position, next_fire_at)
    values (${id}, ${customerCode}, ${position}, ${nextFireAt})
    on conflict (definition_id) do update set position = excluded.position, next_fire_at = excluded.next_fire_at`;
}
