import { formatJobId } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/**
 * Finds the jobs that were made for past times of a schedule.
 *
 * @param times milliseconds since 1970
 * @returns their ids by time
 */
export async function findBackfills(
  sql: Sql,
  definitionId: string,
  times: readonly number[],
): Promise<Map<number, string>> {
  const rows = await sql<{ scheduled_for: Date; day: string; id: string }>`
    select scheduled_for, job_day as day, job_id as id from backfill
     where definition_id = ${definitionId}::uuid
       and scheduled_for = any (${times.map((time) => new Date(time).toISOString())}::timestamptz[])`;
  return new Map(rows.map((row) => [row.scheduled_for.getTime(), formatJobId(row)]));
}
