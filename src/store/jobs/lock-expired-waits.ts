import type { GivenJobOptions } from "../../model/job-options.ts";
import { readStoredOptions } from "../../model/stored-options.ts";
import type { Sql } from "../sql.ts";

/** A job that has waited too long. */
export interface ExpiredWait {
  readonly id: string;
  readonly customerCode: string;
  readonly parentId: string | null;
  readonly waitTimeoutSeconds: number;
}

/**
 * Locks jobs that have waited for children longer than they may, at most `limit`. One whose children have all ended, or whose
 * time has come, is none: it only has to be told.
 */
export async function lockExpiredWaits(sql: Sql, limit: number): Promise<ExpiredWait[]> {
  const rows = await sql<Omit<ExpiredWait, "waitTimeoutSeconds"> & { options: GivenJobOptions }>`
    with late as (
      select q.id, q.day, q.customer_code, q.parent_id from job_queue q
       where q.state = 'waiting' and q.wait_deadline <= app_now() and (q.wake_at is null or q.wake_at > app_now())
         and (q.awaits is null or exists (select from job_queue c where c.id = any (q.awaits)))
       order by q.wait_deadline limit ${limit} for update skip locked
    )
    select l.id, l.customer_code as "customerCode", l.parent_id as "parentId", j.options
      from late l join job j on j.customer_code = l.customer_code and j.day = l.day and j.id = l.id`;
  return rows.map(({ options, ...job }) => ({
    ...job,
    waitTimeoutSeconds: readStoredOptions(options).waitTimeoutSeconds,
  }));
}
