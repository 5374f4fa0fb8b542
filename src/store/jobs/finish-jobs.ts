import type { JsonText, TriggerKind } from "../../model/job.ts";
import { jsonArray } from "../json-array.ts";
import type { Sql } from "../sql.ts";
import type { EndedJob } from "./ended-job.ts";
import type { LeftPlaceRow } from "./left-place.ts";

/** The end of a job's run, with what the claim told of the job. `result` and `error` are JSON text. */
export interface Finish {
  readonly customerCode: string;
  readonly jobId: string;
  readonly day: string;
  readonly id: string;
  readonly jobType: string;
  readonly jobDefinitionCode: string | null;
  readonly triggerKind: TriggerKind;
  readonly parentId: string | null;
  readonly claim: string;
  /** From 1, over all runs. */
  readonly run: number;
  /** Milliseconds from the claim to the begin of the run. */
  readonly aheadMs: number;
  readonly status: "COMPLETED" | "FAILED";
  readonly result: JsonText | null;
  /** Whether the result is stored apart; then `result` is null. Absent: it is not. */
  readonly resultApart?: "apart";
  readonly error: JsonText | null;
}

/**
 * Writes the end of jobs that a node has run, in one statement.
 *
 * A finish counts only while the claim it shows is still the job's claim: a node that was declared dead and comes
 * back changes nothing.
 *
 * Rows are locked ancestors first, then by id, as everywhere.
 *
 * @returns those that have ended; one that is missing had lost its claim.
 */
export async function finishJobs(sql: Sql, finishes: readonly Finish[]): Promise<EndedJob[]> {
  const rows = await sql<Omit<LeftPlaceRow, "customer_code"> & { notifies: boolean }>`
    with finish as (
      select * from rows from (unnest(
        ${finishes.map((finish) => finish.customerCode)}::text[],
        ${finishes.map((finish) => finish.day)}::date[],
        ${finishes.map((finish) => finish.id)}::uuid[],
        ${finishes.map((finish) => finish.claim)}::uuid[],
        ${finishes.map((finish) => finish.status)}::text[],
        ${finishes.map((finish) => finish.resultApart ?? null)}::text[],
        ${finishes.map((finish) => finish.aheadMs)}::integer[]
      ), json_array_elements(${jsonArray(finishes.map((finish) => finish.result))}::text::json),
         json_array_elements(${jsonArray(finishes.map((finish) => finish.error))}::text::json)
      ) as f (customer_code, day, id, claim, status, result_apart, ahead_ms, result, error)
    ), held as (
      select q.id, q.limited, q.definition_id, q.concurrency_key, q.cancellation, q.runs, q.attempts_used, q.first_started_at,
             least(app_now(), q.started_at + f.ahead_ms * interval '1 ms') as started_at, q.progress
        from job_queue q join finish f on q.id = f.id and q.claim = f.claim
       order by q.depth, q.id
      for update of q
    ), released as (
      delete from job_queue q using held h where q.id = h.id
    )
    update job j
       set status = f.status, progress = h.progress,
           result = case when f.status = 'COMPLETED' and f.result_apart is null then f.result end,
           result_apart = f.result_apart is not null,
           error = case when f.status = 'FAILED' then coalesce(h.cancellation, f.error) end,
           attempt = h.attempts_used + 1, runs = h.runs,
           first_started_at = case when h.runs = 1 then h.started_at else h.first_started_at end, started_at = h.started_at, finished_at = app_now()
      from finish f join held h using (id)
     where j.customer_code = f.customer_code and j.day = f.day and j.id = f.id
    returning j.id, h.limited, h.definition_id, h.concurrency_key, j.notifies`;
  const byId = new Map(finishes.map((finish) => [finish.id, finish]));
  return rows.flatMap((row) => {
    const finish = byId.get(row.id);
    if (!finish) return [];
    const { customerCode, jobId, jobType, jobDefinitionCode, triggerKind, parentId, status } = finish;
    const { id, limited, notifies, definition_id: definitionId, concurrency_key: concurrencyKey } = row;
    // Written out: spreading one object of so many fields into another took as long as all the rest of an end.
    return {
      id,
      group: limited ? { customerCode, definitionId, concurrencyKey } : null,
      jobId,
      customerCode,
      jobType,
      triggerKind,
      definitionId,
      jobDefinitionCode,
      parentId,
      status,
      notifies,
    };
  });
}
