import type { JsonText } from "../../model/job.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/** A run that has ended to wait: for a time, with the state that the next run is given, or for children, keeping the state. */
export type Suspension = {
  readonly day: string;
  readonly id: string;
  readonly claim: string;
  /** From 1, over all runs. */
  readonly run: number;
  /** Milliseconds from the claim to the begin of the run. */
  readonly aheadMs: number;
  /** The longest that the wait may take. */
  readonly waitTimeoutSeconds: number;
} & ({ readonly wakeAt: Date; readonly state: JsonText } | { readonly awaits: readonly string[] });

/**
 * Lets jobs wait: they hold no slot and no claim, use up no attempt, and of their places keep their definition's alone. Guarded
 * by the claim token like a finish.
 *
 * Nothing is locked for the children: whoever ends last looks afterwards whether the parent waits for nobody any more
 * (`resumeJobs`), and so must the caller of this once it is committed.
 */
export async function suspendJobs(sql: Sql, suspensions: readonly Suspension[]): Promise<LeftPlace[]> {
  const timer = (one: Suspension) => ("wakeAt" in one ? one : undefined);
  const awaits = (one: Suspension) => ("awaits" in one ? `{${one.awaits.join(",")}}` : null);
  const rows = await sql<LeftPlaceRow>`
    with suspension as (
      select * from rows from (unnest(
        ${suspensions.map((one) => one.id)}::uuid[],
        ${suspensions.map((one) => one.claim)}::uuid[],
        ${suspensions.map((one) => one.waitTimeoutSeconds)}::integer[],
        ${suspensions.map((one) => one.aheadMs)}::integer[],
        ${suspensions.map((one) => timer(one)?.wakeAt.toISOString() ?? null)}::timestamptz[],
        ${suspensions.map(awaits)}::text[]
      ), json_array_elements(${jsonArray(suspensions.map((one) => timer(one)?.state ?? null))}::text::json)
      ) as s (id, claim, seconds, ahead_ms, wake_at, awaits, state)
    ), held as (
      select q.*, least(app_now(), q.started_at + s.ahead_ms * interval '1 ms') as began_at, s.seconds, s.wake_at as new_wake_at, s.state as new_state, s.awaits::uuid[] as new_awaits
        from job_queue q join suspension s on q.id = s.id and q.claim = s.claim
       -- A job that is to stop does not wait: its worker is answered as if the claim were lost, and ends it.
       where q.cancellation is null
       order by q.depth, q.id
      for update of q
    ), waiting as (
      update job_queue q
         set state = 'waiting', claim = null, node_id = null, started_at = null, queue_deadline = null,
             first_started_at = case when h.runs = 1 then h.began_at else h.first_started_at end,
             ran_ms = least(coalesce(h.ran_ms, 0) + extract(epoch from app_now() - h.began_at) * 1000, 1e9)::integer,
             wake_at = greatest(h.new_wake_at, case when h.new_wake_at is not null then app_now() end),
             awaits = h.new_awaits, wait_deadline = app_now() + h.seconds * interval '1 s',
             resume_state = case when h.new_wake_at is null then q.resume_state else h.new_state end
        from held h where q.id = h.id
    ), noted as (
      insert into job_attempt (day, job_id, run, attempt, node_id, started_at, finished_at, outcome, error)
      select day, id, runs, attempts_used + 1, node_id, began_at, app_now(), 'SUSPENDED', null from held
    )
    select id, limited, customer_code, definition_id, concurrency_key from held`;
  return rows.map(toLeftPlace);
}
