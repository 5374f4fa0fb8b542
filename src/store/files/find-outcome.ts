import type { FileOutcome } from "../../model/file-params.ts";
import type { Sql } from "../sql.ts";

/** What a job has made of a file; undefined where it has not. */
export async function findOutcome(sql: Sql, jobId: string, filename: string): Promise<FileOutcome | undefined> {
  const [row] = await sql<{ outcome: FileOutcome }>`
    select outcome from file_outcome where job_id = ${jobId}::uuid and filename = ${filename}`;
  return row?.outcome;
}
