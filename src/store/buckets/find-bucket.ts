import type { Sql } from "../sql.ts";

/** A bucket's id; undefined where the customer has no such bucket. It stays until the transaction ends. */
export async function findBucket(sql: Sql, customerCode: string, bucketCode: string): Promise<string | undefined> {
  const [row] = await sql<{ bucket_id: string }>`
    select bucket_id from bucket where customer_code = ${customerCode} and bucket_code = ${bucketCode} for key share`;
  return row?.bucket_id;
}
