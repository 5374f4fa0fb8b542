import type { JsonObject, Trigger, TriggerKind } from "../../model/job.ts";
import { formatJobId } from "../../model/job-id.ts";
import type { JobOptions } from "../../model/job-options.ts";
import { readStoredOptions } from "../../model/stored-options.ts";
import type { Sql } from "../sql.ts";

/** A job that a node has taken, with all that its run needs. */
export interface ClaimedJob {
  readonly jobId: string;
  readonly day: string;
  readonly id: string;
  readonly customerCode: string;
  readonly claim: string;
  readonly jobType: string;
  readonly jobDefinitionCode: string | null;
  readonly params: JsonObject;
  readonly options: JobOptions;
  /** The run that now begins, from 1, over all runs. */
  readonly run: number;
  /** The attempt that now begins, from 1. */
  readonly attempt: number;
  /** How long it has waited since it might have run, in milliseconds. */
  readonly queueMs: number;
  readonly trigger: Trigger;
  readonly createdAt: Date;
  /** When its first attempt began. */
  readonly firstStartedAt: Date;
  /** Without the day; null for a job that is no other's child. */
  readonly parentId: string | null;
  /** What it left for this run before it waited; null where it left nothing. */
  readonly state: unknown;
  /** How long earlier runs of this attempt ran before they waited, in milliseconds. */
  readonly ranMs: number;
}

interface Row {
  day: string;
  id: string;
  customer_code: string;
  claim: string;
  job_type: string;
  job_definition_code: string | null;
  params: JsonObject;
  options: string;
  runs: number;
  attempts_used: number;
  queue_ms: number;
  trigger_kind: TriggerKind;
  trigger_by: string | null;
  scheduled_for: Date | null;
  created_at: Date;
  first_started_at: Date;
  parent_id: string | null;
  resume_state: unknown;
  ran_ms: number | null;
}

/**
 * Takes ready jobs for a node, under one new claim token: of each customer its share, by priority, then age.
 *
 * Rows that another node is taking are passed over. A node that others may have declared dead takes nothing until it has
 * beaten again.
 */
export async function claimJobs(
  sql: Sql,
  request: { nodeId: string; claim: string; shares: ReadonlyMap<string, number> },
): Promise<ClaimedJob[]> {
  const rows = await sql<Row>`
    with share as (
      select * from unnest(${[...request.shares.keys()]}::text[], ${[...request.shares.values()]}::integer[])
                    as s (customer_code, rows)
       where exists (select from node
                      where node_id = ${request.nodeId}::uuid and beat_at > app_now() - interval '20 s')
    ), taken as materialized (
      select picked.ctid from share cross join lateral (
        select q.ctid from job_queue q
         where q.state = 'ready' and q.customer_code = share.customer_code
         order by q.priority, q.run_at, q.id
         limit share.rows
         for update skip locked
      ) picked
    ), claimed as (
      update job_queue q
         set state = 'claimed', claim = ${request.claim}::uuid, node_id = ${request.nodeId}::uuid, runs = q.runs + 1,
             started_at = app_now(), first_started_at = coalesce(q.first_started_at, app_now())
       -- By the place of the row, which the lock holds still: an array leaves the planner no other way than to go there.
       where q.ctid = any (array(select ctid from taken))
      returning q.*
    )
    select day, id, customer_code, claim, runs, attempts_used, first_started_at, parent_id, resume_state, ran_ms, job_type,
           job_definition_code, params, options::text, trigger_kind, trigger_by, scheduled_for, created_at,
           (extract(epoch from app_now() - run_at) * 1000)::float8 as queue_ms
      from claimed
     order by priority, run_at, id`;
  const optionsOf = createOptionsReader();
  return rows.map((row) => ({
    jobId: formatJobId(row),
    day: row.day,
    id: row.id,
    customerCode: row.customer_code,
    claim: row.claim,
    jobType: row.job_type,
    jobDefinitionCode: row.job_definition_code,
    params: row.params,
    options: optionsOf(row.options),
    run: row.runs,
    attempt: row.attempts_used + 1,
    queueMs: Math.max(0, row.queue_ms),
    trigger: { kind: row.trigger_kind, by: row.trigger_by, scheduledFor: row.scheduled_for },
    createdAt: row.created_at,
    firstStartedAt: row.first_started_at,
    parentId: row.parent_id,
    state: row.resume_state,
    ranMs: row.ran_ms ?? 0,
  }));
}

/** Most jobs have the same options, which are then read once. */
function createOptionsReader(): (text: string) => JobOptions {
  const read = new Map<string, JobOptions>();
  return (text) => {
    const before = read.get(text);
    if (before) return before;
    const options = readStoredOptions(JSON.parse(text));
    read.set(text, options);
    return options;
  };
}
