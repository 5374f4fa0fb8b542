import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** Corrects the day of keys' jobs: a midnight may pass between the statement that took the keys and the one that made the jobs. */
export async function moveIdempotencyKeys(sql: Sql, jobs: readonly JobKey[]): Promise<void> {
  await sql`
    update idempotency_key k set job_day = j.day
      from unnest(${jobs.map((job) => job.day)}::date[], ${jobs.map((job) => job.id)}::uuid[]) as j (day, id)
     where k.job_id = j.id`;
}
