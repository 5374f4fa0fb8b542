import type { JsonText } from "../../model/job.ts";
import type { Sql } from "../sql.ts";

/** Writes a job's state where it is still `before`. @returns whether it was */
export async function replaceState(sql: Sql, id: string, before: JsonText, after: JsonText): Promise<boolean> {
  const rows = await sql`
    update job_queue set resume_state = ${after}::text::json
     where id = ${id}::uuid and resume_state::text = ${before} returning id`;
  return rows.length === 1;
}
