import type { Sql } from "../sql.ts";

/** A run that has ended without an end of its job: another attempt follows, or a wait. */
export interface WrittenRun {
  readonly day: string;
  readonly id: string;
  /** From 1, over all runs. */
  readonly run: number;
}

/** Finds the ids of those runs whose outcome stands written already: the answer to the statement that wrote it got lost. */
export async function findWrittenRuns(sql: Sql, runs: readonly WrittenRun[]): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select a.job_id as id
      from unnest(
             ${runs.map((one) => one.day)}::date[],
             ${runs.map((one) => one.id)}::uuid[],
             ${runs.map((one) => one.run)}::integer[]
           ) as r (day, id, run)
      join job_attempt a on a.day = r.day and a.job_id = r.id and a.run = r.run
     where a.outcome in ('FAILED', 'SUSPENDED')`;
  return rows.map((row) => row.id);
}
