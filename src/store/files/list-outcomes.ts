import type { FileOutcome } from "../../model/file-params.ts";
import type { Sql } from "../sql.ts";

/** What a job has made of files so far, by name. */
export async function listOutcomes(sql: Sql, jobId: string): Promise<FileOutcome[]> {
  const rows = await sql<{ outcome: FileOutcome }>`
    select outcome from file_outcome where job_id = ${jobId}::uuid order by filename`;
  return rows.map((row) => row.outcome);
}
