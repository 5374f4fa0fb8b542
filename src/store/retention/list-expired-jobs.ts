import type { Sql } from "../sql.ts";

/** A place in the order of a day's jobs. */
export interface JobPosition {
  readonly customerCode: string;
  readonly id: string;
}

/**
 * Walks the jobs of a day in the order of their keys, from behind `after`, `limit` at a time.
 *
 * @returns how far the walk has come (undefined: to its end), and which of these jobs ended more than `days` days ago
 */
export async function listExpiredJobs(
  sql: Sql,
  day: string,
  days: number,
  after: JobPosition | undefined,
  limit: number,
): Promise<{ last: JobPosition | undefined; expired: JobPosition[] }> {
  const rows = await sql<JobPosition & { expired: boolean }>`
    select customer_code as "customerCode", id,
           coalesce(finished_at < app_now() - ${days}::integer * interval '24 hours', false) as expired
      from job
     where day = ${day}::date
       and (customer_code, id) > (${after?.customerCode ?? ""}, ${after?.id ?? "00000000-0000-0000-0000-000000000000"}::uuid)
     order by customer_code, id
     limit ${limit}`;
  const expired = rows.filter((row) => row.expired).map(({ customerCode, id }) => ({ customerCode, id }));
  return { last: rows.length < limit ? undefined : rows.at(-1), expired };
}
