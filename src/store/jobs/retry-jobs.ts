import type { JsonText } from "../../model/job.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/** A failed attempt that is followed by another. */
export interface Retry {
  readonly day: string;
  readonly id: string;
  readonly claim: string;
  /** From 1, over all runs. */
  readonly run: number;
  /** Milliseconds from the claim to the begin of the run. */
  readonly aheadMs: number;
  readonly error: JsonText;
  /** Milliseconds until the next attempt may start. */
  readonly delayMs: number;
  /** How long after the first attempt began the next may begin at the latest; null: whenever its turn comes. */
  readonly totalSeconds: number | null;
}

/** Puts jobs back for another attempt and keeps what failed; guarded by the claim token like a finish. */
export async function retryJobs(sql: Sql, retries: readonly Retry[]): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with retry as (
      select * from rows from (unnest(
        ${retries.map((retry) => retry.id)}::uuid[],
        ${retries.map((retry) => retry.claim)}::uuid[],
        ${retries.map((retry) => retry.delayMs)}::integer[],
        ${retries.map((retry) => retry.totalSeconds)}::integer[],
        ${retries.map((retry) => retry.aheadMs)}::integer[]
      ), json_array_elements(${jsonArray(retries.map((retry) => retry.error))}::text::json)
      ) as r (id, claim, delay_ms, total_seconds, ahead_ms, error)
    ), held as (
      select q.day, q.id, q.limited, q.customer_code, q.definition_id, q.concurrency_key, q.runs, q.attempts_used, q.node_id,
             began.at as started_at, case when q.runs = 1 then began.at else q.first_started_at end as first_started_at,
             r.error, r.delay_ms, r.total_seconds
        from job_queue q join retry r on q.id = r.id and q.claim = r.claim
             cross join lateral (select least(app_now(), q.started_at + r.ahead_ms * interval '1 ms') as at) began
       -- A job that is to stop gets no other attempt: its worker is answered as if the claim were lost, and ends it.
       where q.cancellation is null
       order by q.depth, q.id
      for update of q
    ), put_back as (
      update job_queue q
         set state = 'scheduled', claim = null, node_id = null, started_at = null, ran_ms = null, progress = null,
             first_started_at = h.first_started_at,
             attempts_used = h.attempts_used + 1, run_at = app_now() + h.delay_ms * interval '1 ms',
             queue_deadline = h.first_started_at + h.total_seconds * interval '1 s'
        from held h where q.id = h.id
    ), noted as (
      insert into job_attempt (day, job_id, run, attempt, node_id, started_at, finished_at, outcome, error)
      select day, id, runs, attempts_used + 1, node_id, started_at, app_now(), 'FAILED', error from held
    )
    select id, limited, customer_code, definition_id, concurrency_key from held`;
  return rows.map(toLeftPlace);
}
