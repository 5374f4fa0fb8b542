import type { Sql } from "../sql.ts";

/** Makes a bucket, or gives one its name. @returns whether it was made */
export async function putBucket(
  sql: Sql,
  customerCode: string,
  bucket: { bucketId: string; bucketCode: string; name: string },
): Promise<"created" | "changed"> {
  const [row] = await sql<{ bucket_id: string }>`
    insert into bucket (bucket_id, customer_code, bucket_code, name, created_at, updated_at)
    values (${bucket.bucketId}::uuid, ${customerCode}, ${bucket.bucketCode}, ${bucket.name}, app_now(), app_now())
    on conflict (customer_code, bucket_code) do update set name = excluded.name, updated_at = app_now()
    returning bucket_id`;
  return row?.bucket_id === bucket.bucketId ? "created" : "changed";
}
