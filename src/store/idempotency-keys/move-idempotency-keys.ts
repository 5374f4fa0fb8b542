import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** A kept answer whose job was made on another day than was written with the key. */
export interface MovedKey {
  readonly customerCode: string;
  readonly key: string;
  readonly job: JobKey;
}

/** Corrects the day of keys' jobs: a midnight may pass between the statement that took the keys and the one that made the jobs. */
export async function moveIdempotencyKeys(sql: Sql, moved: readonly MovedKey[]): Promise<void> {
  await sql`
    update idempotency_key k set job_day = m.day
      from unnest(
             ${moved.map((one) => one.customerCode)}::text[],
             ${moved.map((one) => one.key)}::text[],
             ${moved.map((one) => one.job.day)}::date[],
             ${moved.map((one) => one.job.id)}::uuid[]
           ) as m (customer_code, key, day, id)
     where k.customer_code = m.customer_code and k.key = m.key and k.job_id = m.id`;
}
