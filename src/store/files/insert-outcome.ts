import type { FileOutcome } from "../../model/file-params.ts";
import type { Sql } from "../sql.ts";

/** Notes what a job has made of a file. */
export async function insertOutcome(sql: Sql, jobId: string, outcome: FileOutcome): Promise<void> {
  await sql`
    insert into file_outcome (job_id, filename, outcome, made_at)
    values (${jobId}::uuid, ${outcome.filename}, ${JSON.stringify(outcome)}::text::json, app_now())`;
}
