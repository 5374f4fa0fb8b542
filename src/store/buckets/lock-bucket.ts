import type { Sql } from "../sql.ts";

/** Locks a bucket against files that come in and against its deletion. @returns its id */
export async function lockBucket(sql: Sql, customerCode: string, bucketCode: string): Promise<string | undefined> {
  const [row] = await sql<{ bucket_id: string }>`
    select bucket_id from bucket where customer_code = ${customerCode} and bucket_code = ${bucketCode} for update`;
  return row?.bucket_id;
}
