/** Writes jobs and occurrences of the past: copies of true runs, at other times. */
import { v7 } from "uuid";
import { type JobKey, parseJobId } from "../../src/model/job-id.ts";
import type { Sql } from "../../src/store/sql.ts";

/** An occurrence of the past, and its job where it has one. */
export interface PastRun {
  readonly code: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly outcome: "fired" | "late" | "skipped" | "missed";
  readonly reason: string | null;
  readonly lateMs?: number;
  /** The run that it is a copy of. */
  readonly template?: JobKey;
  readonly waitMs?: number;
  readonly tookMs?: number;
}

const atOnce = 1_000;

/** Writes them, in one transaction. @param since when the definitions were made, in milliseconds */
export async function writePast(sql: Sql, runs: readonly PastRun[], since: number): Promise<void> {
  await sql`update job_definition set created_at = ${new Date(since)}, updated_at = ${new Date(since)}`;
  const days = [...new Set(runs.map(({ at }) => new Date(at).toISOString().slice(0, 10)))];
  for (const day of days) await sql`select make_job_day(${day}::date)`;
  for (let from = 0; from < runs.length; from += atOnce) await writeSome(sql, runs.slice(from, from + atOnce));
}

/** Takes jobs out of the history, with their runs and notifications. */
export async function forgetJobs(sql: Sql, jobIds: readonly string[]): Promise<void> {
  const ids = JSON.stringify(jobIds.flatMap((jobId) => parseJobId(jobId)?.id ?? []));
  await sql`
    with gone as (select value::uuid as id from json_array_elements_text(${ids}::text::json)),
         told as (delete from notification n using gone where n.job_ids = array[gone.id]),
         tried as (delete from job_attempt a using gone where a.job_id = gone.id),
         logged as (delete from job_log l using gone where l.job_id = gone.id)
    delete from job j using gone where j.id = gone.id`;
}

async function writeSome(sql: Sql, runs: readonly PastRun[]): Promise<void> {
  const rows = JSON.stringify(
    runs.map(({ code, at, outcome, reason, lateMs = 0, template, waitMs = 0, tookMs = 0 }) => {
      const made = at + lateMs;
      return {
        code,
        at: new Date(at),
        outcome,
        reason,
        late_ms: template ? lateMs : null,
        template_day: template?.day ?? null,
        template_id: template?.id ?? null,
        day: template ? new Date(made).toISOString().slice(0, 10) : null,
        id: template ? v7({ msecs: made }) : null,
        made: new Date(made),
        started: new Date(made + waitMs),
        ended: new Date(made + waitMs + tookMs),
      };
    }),
  );
  await sql`
    with run as (
      select r.*, d.definition_id, d.customer_code
        from json_to_recordset(${rows}::text::json) as r (
               code text, at timestamptz, outcome text, reason text, late_ms bigint, template_day date, template_id uuid,
               day date, id uuid, made timestamptz, started timestamptz, ended timestamptz)
        join job_definition d on d.job_definition_code = r.code
    ), made as (
      insert into job (day, id, customer_code, job_type, definition_id, job_definition_code, definition_version, params,
                       options, priority, max_attempts, trigger_kind, scheduled_for, status, result, error, attempt, runs,
                       created_at, run_at, first_started_at, started_at, finished_at)
      select r.day, r.id, t.customer_code, t.job_type, t.definition_id, t.job_definition_code, t.definition_version,
             t.params, t.options, t.priority, t.max_attempts, 'schedule', r.at, t.status, t.result, t.error, t.attempt,
             t.runs, r.made, r.made, r.started, r.started, r.ended
        from run r
        join job t on t.customer_code = r.customer_code and t.day = r.template_day and t.id = r.template_id
    ), tried as (
      insert into job_attempt (day, job_id, run, attempt, node_id, started_at, finished_at, outcome, error)
      select r.day, r.id, a.run, a.attempt, a.node_id, r.started, r.ended, a.outcome, a.error
        from run r join job_attempt a on a.day = r.template_day and a.job_id = r.template_id
    ), logged as (
      insert into job_log (day, job_id, seq, run, at, level, message)
      select r.day, r.id, l.seq, l.run, r.started + (r.ended - r.started) * 0.9, l.level, l.message
        from run r join job_log l on l.day = r.template_day and l.job_id = r.template_id
    ), told as (
      insert into notification (customer_code, at, job_days, job_ids)
      select r.customer_code, r.ended, array[r.day], array[r.id]
        from run r
        join job t on t.customer_code = r.customer_code and t.day = r.template_day and t.id = r.template_id
       where t.status = 'FAILED'
    )
    insert into occurrence (definition_id, scheduled_for, customer_code, until, outcome, reason, job_day, job_id, late_ms)
    select definition_id, at, customer_code, at, outcome, reason, day, id, late_ms from run
    on conflict do nothing`;
}
