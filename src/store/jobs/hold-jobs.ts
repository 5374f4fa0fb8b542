import type { Sql } from "../sql.ts";

/**
 * Holds jobs that the same transaction has inserted, until others of their schedule have ended, or until a time.
 *
 * The time that they may wait in the queue begins when they are let go.
 * Apart from the insertion, because jobs that nothing holds are most of all, and should pay nothing for this.
 *
 * @param jobs `until` null: for as long as it takes
 */
export async function holdJobs(sql: Sql, jobs: readonly { id: string; until: Date | null }[]): Promise<void> {
  await sql`
    update job_queue q set state = 'held', hold_until = h.until, queue_deadline = null
      from unnest(${jobs.map((job) => job.id)}::uuid[],
                  ${jobs.map((job) => job.until?.toISOString() ?? null)}::timestamptz[]) as h (id, until)
     where q.id = h.id`;
}
