import type { Sql } from "../sql.ts";
import { type EndedJob, type EndedJobRow, toEndedJob } from "./ended-job.ts";
import type { Finish } from "./finish-jobs.ts";

/**
 * Finds those of the given ends that stand written already: the answer to the statement that wrote them got lost.
 *
 * A run's number is its claim's alone, so an end of that run is the end that was written under it; a job that was given up
 * under the claim ended otherwise.
 */
export async function findWrittenEnds(sql: Sql, finishes: readonly Finish[]): Promise<EndedJob[]> {
  const rows = await sql<EndedJobRow>`
    select j.day, j.id, j.customer_code, j.status, true as limited, j.job_type, j.trigger_kind, j.definition_id, j.job_definition_code,
           null as concurrency_key, j.parent_id, j.notifies
      from unnest(
             ${finishes.map((finish) => finish.customerCode)}::text[],
             ${finishes.map((finish) => finish.day)}::date[],
             ${finishes.map((finish) => finish.id)}::uuid[],
             ${finishes.map((finish) => finish.run)}::integer[],
             ${finishes.map((finish) => finish.status)}::text[]
           ) as f (customer_code, day, id, run, status)
      join job j on j.customer_code = f.customer_code and j.day = f.day and j.id = f.id
     where j.runs = f.run and j.status = f.status and j.error ->> 'code' is distinct from 'WORKER_LOST'`;
  return rows.map(toEndedJob);
}
