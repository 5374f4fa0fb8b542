import type { JsonObject, TriggerKind } from "../../model/job.ts";
import { formatJobId } from "../../model/job-id.ts";
import type { JobOptions } from "../../model/job-options.ts";
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
  /** The attempt that now begins, from 1. */
  readonly attempt: number;
  readonly trigger: { readonly kind: TriggerKind; readonly scheduledFor: Date | null };
  readonly createdAt: Date;
}

interface Row {
  day: string;
  id: string;
  customer_code: string;
  claim: string;
  job_type: string;
  job_definition_code: string | null;
  params: JsonObject;
  options: JobOptions;
  attempts_used: number;
  trigger_kind: TriggerKind;
  scheduled_for: Date | null;
  created_at: Date;
}

/**
 * Takes ready jobs for a node, under one new claim token.
 *
 * Walks the customers that have ready jobs (a loose index scan, https://wiki.postgresql.org/wiki/Loose_indexscan), from
 * the one after `startAfter` and around, and takes from each its share of `limit`, by priority, then age. Rows that
 * another node is taking are passed over. With one customer its share is the whole limit.
 */
export async function claimJobs(
  sql: Sql,
  request: { nodeId: string; claim: string; limit: number; startAfter: string },
): Promise<ClaimedJob[]> {
  const rows = await sql<Row>`
    with recursive after_start as (
      (select customer_code, 1 as position from job_queue
        where state = 'ready' and customer_code > ${request.startAfter} order by customer_code limit 1)
      union all
      select (select q.customer_code from job_queue q
               where q.state = 'ready' and q.customer_code > a.customer_code order by q.customer_code limit 1),
             a.position + 1
        from after_start a where a.customer_code is not null and a.position < ${request.limit}
    ), from_first as (
      (select customer_code, 1 as position from job_queue
        where state = 'ready' and customer_code <= ${request.startAfter} order by customer_code limit 1)
      union all
      select (select q.customer_code from job_queue q
               where q.state = 'ready' and q.customer_code > f.customer_code
                 and q.customer_code <= ${request.startAfter} order by q.customer_code limit 1),
             f.position + 1
        from from_first f where f.customer_code is not null and f.position < ${request.limit}
    ), turn as (
      select customer_code from (
        select customer_code, 1 as half, position from after_start where customer_code is not null
        union all
        select customer_code, 2, position from from_first where customer_code is not null
      ) both_halves
      -- A node that others may have declared dead takes nothing until it has beaten again.
      where exists (select from node
                     where node_id = ${request.nodeId}::uuid and beat_at > app_now() - interval '20 s')
      order by half, position limit ${request.limit}
    ), share as (
      select ceil(${request.limit}::numeric / greatest(count(*), 1))::integer as rows from turn
    ), taken as materialized (
      select picked.id from turn cross join lateral (
        select q.id from job_queue q
         where q.state = 'ready' and q.customer_code = turn.customer_code
         order by q.priority, q.run_at, q.id
         limit (select rows from share)
         for update skip locked
      ) picked
      limit ${request.limit}
    ), claimed as (
      update job_queue q
         set state = 'claimed', claim = ${request.claim}::uuid, node_id = ${request.nodeId}::uuid, runs = q.runs + 1,
             started_at = app_now(), first_started_at = coalesce(q.first_started_at, app_now())
       where q.id in (select id from taken)
      returning q.day, q.id, q.customer_code, q.claim, q.attempts_used, q.priority, q.run_at
    )
    select c.day, c.id, c.customer_code, c.claim, c.attempts_used, j.job_type, j.job_definition_code, j.params,
           j.options, j.trigger_kind, j.scheduled_for, j.created_at
      from claimed c cross join lateral (
        -- offset 0: read by key, row by row, whatever the planner thinks of the size of today's partition.
        select * from job j where j.customer_code = c.customer_code and j.day = c.day and j.id = c.id offset 0
      ) j
     order by c.priority, c.run_at, c.id`;
  return rows.map((row) => ({
    jobId: formatJobId(row),
    day: row.day,
    id: row.id,
    customerCode: row.customer_code,
    claim: row.claim,
    jobType: row.job_type,
    jobDefinitionCode: row.job_definition_code,
    params: row.params,
    options: row.options,
    attempt: row.attempts_used + 1,
    trigger: { kind: row.trigger_kind, scheduledFor: row.scheduled_for },
    createdAt: row.created_at,
  }));
}
