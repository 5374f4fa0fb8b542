import { formatJobId } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";
import { type EndedJob, type EndedJobRow, toEndedJob } from "./ended-job.ts";

/** Deaths of nodes under a job after which it is given up. */
const mostLosses = 3;

/** A claim that was taken back: the job runs again, or has been given up. */
export interface ReleasedClaim {
  readonly jobId: string;
  readonly nodeId: string;
  /** Set where it has been given up. */
  readonly ended: EndedJob | undefined;
}

/** A job under one claim of it. */
export interface HeldClaim {
  readonly id: string;
  readonly claim: string;
}

/**
 * Takes back claims of the given nodes: those of `claims`, or all (null).
 *
 * `LOST` says that the nodes died, `HANDED_BACK` that a node stops and gives its jobs back; neither uses up an attempt,
 * and a job keeps its place. After three deaths, or at the first death or hand-back with `retry.onWorkerLost: "fail"`,
 * a job is FAILED with `error`; one that was to be cancelled ends so. `UNSTARTED` says that no run ever began under the claim: it leaves no trace.
 */
export async function releaseClaims(
  sql: Sql,
  request: {
    nodeIds: readonly string[];
    claims: readonly HeldClaim[] | null;
    /** Only of nodes that have not beaten for so long: one that has come back keeps its claims. null: whether or not. */
    silentMs: number | null;
    outcome: "LOST" | "HANDED_BACK" | "UNSTARTED";
    error: string;
  },
): Promise<ReleasedClaim[]> {
  const { outcome, claims } = request;
  const rows = await sql<EndedJobRow & { node_id: string; lost: boolean }>`
    with held as (
      select q.*, q.losses + (${outcome} = 'LOST')::integer as losses_now,
             q.cancellation is not null or ${outcome} <> 'UNSTARTED'
               and (q.fail_on_loss or q.losses + (${outcome} = 'LOST')::integer >= ${mostLosses}) as lost
        from job_queue q
       where q.state = 'claimed' and q.node_id = any (${request.nodeIds}::uuid[])
         and (${claims === null ? "all" : "named"} = 'all' or (q.id, q.claim) in (
               select * from unnest(${claims?.map((held) => held.id) ?? []}::uuid[],
                                    ${claims?.map((held) => held.claim) ?? []}::uuid[])))
         and (${request.silentMs}::float8 is null or not exists (
               select from node n
                where n.node_id = q.node_id and n.beat_at > app_now() - ${request.silentMs}::float8 * interval '1 ms'))
       order by q.depth, q.id
      for update
    ), noted as (
      insert into job_attempt (day, job_id, run, attempt, node_id, started_at, finished_at, outcome, error)
      select day, id, runs, attempts_used + 1, node_id, started_at, app_now(), ${outcome}, null
        from held where not lost and ${outcome} <> 'UNSTARTED'
    ), put_back as (
      update job_queue q
         set state = 'ready', claim = null, node_id = null, started_at = null, progress = null, losses = h.losses_now,
             runs = q.runs - (${outcome} = 'UNSTARTED')::integer,
             -- An attempt that has begun in time runs again, whenever its turn comes.
             queue_deadline = case when ${outcome} = 'UNSTARTED' then q.queue_deadline end,
             first_started_at = case when ${outcome} = 'UNSTARTED' and q.runs = 1 then null else q.first_started_at end
        from held h where q.id = h.id and not h.lost
    ), given_up as (
      delete from job_queue q using held h where q.id = h.id and h.lost
    ), failed as (
      update job j
         set status = 'FAILED', progress = h.progress, error = coalesce(h.cancellation, ${request.error}::text::json),
             attempt = h.attempts_used + (${outcome} <> 'UNSTARTED' or h.ran_ms is not null)::integer,
             runs = h.runs - (${outcome} = 'UNSTARTED')::integer,
             first_started_at = case when ${outcome} = 'UNSTARTED' and h.runs = 1 then null else h.first_started_at end,
             started_at = case when ${outcome} = 'UNSTARTED' then null else h.started_at end,
             finished_at = app_now()
        from held h
       where h.lost and j.customer_code = h.customer_code and j.day = h.day and j.id = h.id
    )
    select day, id, limited, customer_code, job_type, trigger_kind, definition_id, job_definition_code, concurrency_key,
           parent_id, node_id,
           lost, 'FAILED' as status, coalesce(options ->> 'skipNotification', 'false') = 'false' as notifies
      from held`;
  return rows.map((row) => ({
    jobId: formatJobId(row),
    nodeId: row.node_id,
    ended: row.lost ? toEndedJob(row) : undefined,
  }));
}
