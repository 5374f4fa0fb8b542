import type { QueueState } from "../../model/job-state.ts";
import type { Sql } from "../sql.ts";

/** A customer's unfinished jobs in one state. */
export interface QueueDepth {
  readonly customerCode: string;
  readonly state: QueueState;
  readonly jobs: number;
  /** How long the oldest of them has been due, in seconds. */
  readonly oldestSeconds: number;
}

/** Counts the queue. It reads all of it, so it is for a sample now and then. */
export async function measureQueue(sql: Sql): Promise<QueueDepth[]> {
  return sql<QueueDepth>`
    select customer_code as "customerCode", state, count(*)::integer as jobs,
           greatest(0, extract(epoch from app_now() - min(run_at)))::float8 as "oldestSeconds"
      from job_queue
     group by customer_code, state`;
}
