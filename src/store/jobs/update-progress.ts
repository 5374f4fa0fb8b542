import type { JobProgress } from "../../model/job-report.ts";
import type { Sql } from "../sql.ts";

/** How far a run has come, under its claim. */
export interface NewProgress {
  readonly id: string;
  readonly claim: string;
  readonly progress: JobProgress;
}

/**
 * Keeps how far runs have come, those whose claim is still the job's.
 *
 * The commit is not waited for, as little as that of a log line: it is lost only together with what comes after it.
 */
export async function updateProgress(sql: Sql, reports: readonly NewProgress[]): Promise<void> {
  await sql`
    with report as (
      select * from unnest(
        ${reports.map((report) => report.id)}::uuid[],
        ${reports.map((report) => report.claim)}::uuid[],
        ${reports.map((report) => JSON.stringify(report.progress))}::text[]
      ) as r (id, claim, progress)
    )
    update job_queue q
       set progress = r.progress::json
      from report r, (select set_config('synchronous_commit', 'off', true) offset 0) as unhurried
     where q.id = r.id and q.claim = r.claim`;
}
