import { firstBuckets } from "../../model/bucket.ts";
import type { Sql } from "../sql.ts";

/** Gives a new customer its first buckets. */
export async function insertFirstBuckets(sql: Sql, customerCode: string): Promise<void> {
  await sql`
    insert into bucket (bucket_id, customer_code, bucket_code, name, created_at, updated_at)
    select gen_random_uuid(), ${customerCode}, code, initcap(code), app_now(), app_now()
      from unnest(${[...firstBuckets]}::text[]) as code`;
}
