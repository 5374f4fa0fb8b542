import { formatJobId } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** The answer that is kept under a key. */
export interface KeptAnswer {
  readonly customerCode: string;
  readonly key: string;
  readonly path: string;
  readonly bodyHash: Uint8Array;
  readonly jobId: string;
  /** Whether it is younger than 24 h. */
  readonly isCurrent: boolean;
}

/** Reads the answers of keys; in a statement of its own, so that it sees what others have committed meanwhile. */
export async function findIdempotencyKeys(
  sql: Sql,
  wanted: readonly { customerCode: string; key: string }[],
): Promise<KeptAnswer[]> {
  const rows = await sql<{
    customer_code: string;
    key: string;
    path: string;
    body_hash: Uint8Array;
    day: string;
    id: string;
    is_current: boolean;
  }>`
    select k.customer_code, k.key, k.path, k.body_hash, k.job_day as day, k.job_id as id,
           k.created_at >= app_now() - interval '24 hours' as is_current
      from idempotency_key k
      join unnest(${wanted.map((one) => one.customerCode)}::text[], ${wanted.map((one) => one.key)}::text[])
        as w (customer_code, key) using (customer_code, key)`;
  return rows.map((row) => ({
    customerCode: row.customer_code,
    key: row.key,
    path: row.path,
    bodyHash: row.body_hash,
    jobId: formatJobId(row),
    isCurrent: row.is_current,
  }));
}
