import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** A keyed request and the job that it would make. */
export interface KeyedRequest {
  readonly customerCode: string;
  readonly key: string;
  readonly path: string;
  readonly bodyHash: Uint8Array;
  readonly jobId: string;
}

/**
 * Takes the keys that are free or older than 24 h. The caller gives them sorted, so that two batches cannot
 * wait for each other in a circle.
 *
 * @returns the jobs whose keys were taken; the others' keys have an answer already.
 */
export async function claimIdempotencyKeys(sql: Sql, requests: readonly KeyedRequest[]): Promise<JobKey[]> {
  return sql<JobKey>`
    insert into idempotency_key (customer_code, key, path, body_hash, job_day, job_id, created_at)
    select customer_code, key, path, decode(body_hash, 'hex'), (app_now() at time zone 'UTC')::date, job_id, app_now()
      from unnest(
        ${requests.map((request) => request.customerCode)}::text[],
        ${requests.map((request) => request.key)}::text[],
        ${requests.map((request) => request.path)}::text[],
        ${requests.map((request) => Buffer.from(request.bodyHash).toString("hex"))}::text[],
        ${requests.map((request) => request.jobId)}::uuid[]
      ) as r (customer_code, key, path, body_hash, job_id)
    on conflict (customer_code, key) do update
       set path = excluded.path, body_hash = excluded.body_hash, job_day = excluded.job_day, job_id = excluded.job_id,
           created_at = excluded.created_at
     where idempotency_key.created_at < app_now() - interval '24 hours'
    returning job_day as day, job_id as id`;
}
