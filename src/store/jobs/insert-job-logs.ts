import type { JobLogLine } from "../../model/job-report.ts";
import type { Sql } from "../sql.ts";

/** A line of a run, with the claim under which the job runs. */
export interface NewLogLine extends JobLogLine {
  readonly day: string;
  readonly id: string;
  readonly claim: string;
}

/**
 * Writes lines of jobs' logs, those of jobs that still run under the claim that the line shows; a line that is there already
 * stays as it is, so this may be repeated.
 *
 * The commit is not waited for: the end of a job, which is written later, flushes what lies before it in the WAL.
 */
export async function insertJobLogs(sql: Sql, lines: readonly NewLogLine[]): Promise<void> {
  await sql`
    with line as (
      select * from unnest(
        ${lines.map((line) => line.day)}::date[],
        ${lines.map((line) => line.id)}::uuid[],
        ${lines.map((line) => line.claim)}::uuid[],
        ${lines.map((line) => line.seq)}::integer[],
        ${lines.map((line) => line.run)}::smallint[],
        ${lines.map((line) => line.at.toISOString())}::timestamptz[],
        ${lines.map((line) => line.level)}::text[],
        ${lines.map((line) => line.message)}::text[]
      ) as l (day, id, claim, seq, run, at, level, message)
    )
    insert into job_log (day, job_id, seq, run, at, level, message)
    select l.day, l.id, l.seq, l.run, l.at, l.level, l.message
      from line l join job_queue q on q.id = l.id and q.claim = l.claim,
           (select set_config('synchronous_commit', 'off', true) offset 0) as unhurried
    on conflict do nothing`;
}
