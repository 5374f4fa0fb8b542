import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** A job of a past time, in milliseconds since 1970. */
export interface NewBackfill {
  readonly scheduledFor: number;
  readonly job: JobKey;
}

/**
 * Writes which jobs were made for past times, under the schedule's lock.
 *
 * @throws where a time has one already: nothing of the transaction may then stand
 */
export async function insertBackfills(
  sql: Sql,
  definition: { readonly id: string; readonly customerCode: string },
  backfills: readonly NewBackfill[],
): Promise<void> {
  await sql`
    insert into backfill (definition_id, customer_code, scheduled_for, job_day, job_id)
    select ${definition.id}::uuid, ${definition.customerCode}, b.*
      from unnest(
        ${backfills.map((one) => new Date(one.scheduledFor).toISOString())}::timestamptz[],
        ${backfills.map((one) => one.job.day)}::date[],
        ${backfills.map((one) => one.job.id)}::uuid[]
      ) as b`;
}
