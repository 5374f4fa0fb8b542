import type { JsonText } from "../../model/job.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";
import { type LeftPlace, type LeftPlaceRow, toLeftPlace } from "./left-place.ts";

/** The end of a job's run. `result` and `error` are JSON text. */
export interface Finish {
  readonly customerCode: string;
  readonly day: string;
  readonly id: string;
  readonly claim: string;
  readonly status: "COMPLETED" | "FAILED";
  readonly result: JsonText | null;
  /** Whether the result is stored apart; then `result` is null. */
  readonly resultApart: "apart" | "inRow";
  readonly error: JsonText | null;
}

/**
 * Writes the end of jobs that a node has run, in one statement.
 *
 * A finish counts only while the claim it shows is still the job's claim: a node that was declared dead and comes
 * back changes nothing.
 *
 * @returns the places that were left; a job whose place is missing had lost its claim.
 */
export async function finishJobs(sql: Sql, finishes: readonly Finish[]): Promise<LeftPlace[]> {
  const rows = await sql<LeftPlaceRow>`
    with finish as (
      select * from rows from (unnest(
        ${finishes.map((finish) => finish.customerCode)}::text[],
        ${finishes.map((finish) => finish.day)}::date[],
        ${finishes.map((finish) => finish.id)}::uuid[],
        ${finishes.map((finish) => finish.claim)}::uuid[],
        ${finishes.map((finish) => finish.status)}::text[],
        ${finishes.map((finish) => finish.resultApart)}::text[]
      ), json_array_elements(${jsonArray(finishes.map((finish) => finish.result))}::text::json),
         json_array_elements(${jsonArray(finishes.map((finish) => finish.error))}::text::json)
      ) as f (customer_code, day, id, claim, status, result_apart, result, error)
    ), released as (
      delete from job_queue q using finish f where q.id = f.id and q.claim = f.claim
      returning q.id, q.limited, q.definition_id, q.concurrency_key, q.cancellation, q.runs, q.attempts_used, q.first_started_at, q.started_at,
                q.progress
    )
    update job j
       set status = f.status, result = case when f.status = 'COMPLETED' and f.result_apart = 'inRow' then f.result end, result_apart = f.result_apart = 'apart', progress = r.progress,
           error = case when f.status = 'FAILED' then coalesce(r.cancellation, f.error) end,
           attempt = r.attempts_used + 1, runs = r.runs,
           first_started_at = r.first_started_at, started_at = r.started_at, finished_at = app_now()
      from finish f join released r using (id)
     where j.customer_code = f.customer_code and j.day = f.day and j.id = f.id
    returning j.id, r.limited, j.customer_code, r.definition_id, r.concurrency_key`;
  return rows.map(toLeftPlace);
}
