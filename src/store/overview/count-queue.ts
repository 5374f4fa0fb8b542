import type { Sql } from "../sql.ts";

/** A customer's unfinished jobs. */
export interface QueueCounts {
  readonly running: number;
  /** Due, and not yet running. */
  readonly queued: number;
  /** Not due yet, or waiting for something else. */
  readonly waiting: number;
  /** How long the one that has been due longest has waited; null where none waits. */
  readonly oldestQueuedMs: number | null;
}

/** Counts a customer's unfinished jobs, `most` of them at most. */
export async function countQueue(sql: Sql, customerCode: string, most: number): Promise<QueueCounts> {
  const [row] = await sql<QueueCounts>`
    select count(*) filter (where state = 'claimed')::integer as running,
           count(*) filter (where state in ('ready', 'blocked', 'held'))::integer as queued,
           count(*) filter (where state in ('scheduled', 'waiting'))::integer as waiting,
           (extract(epoch from app_now() - min(run_at) filter (where state in ('ready', 'blocked', 'held'))) * 1000)::float8
             as "oldestQueuedMs"
      from (
        select state, run_at from job_queue where customer_code = ${customerCode} order by day, id limit ${most}
      ) oldest`;
  if (!row) throw new Error("a count answered no row");
  return row;
}
