import type { Bucket } from "../../model/bucket.ts";
import type { Sql } from "../sql.ts";
import { type BucketRow, toBucket } from "./bucket-row.ts";

/** Lists a customer's buckets by code, from behind `after`; or the one that is named. */
export async function listBuckets(
  sql: Sql,
  customerCode: string,
  { after, only, limit }: { after: string | null; only: string | null; limit: number },
): Promise<Bucket[]> {
  const rows = await sql<BucketRow>`
    select b.bucket_id, b.bucket_code, b.name, b.created_at, b.updated_at,
           (select count(*)::integer
              from (select from bucket_file f where f.bucket_id = b.bucket_id limit 10000) counted) as file_count
      from bucket b
     where b.customer_code = ${customerCode} and b.bucket_code > ${after ?? ""}
       and (${only}::text is null or b.bucket_code = ${only})
     order by b.bucket_code limit ${limit}`;
  return rows.map(toBucket);
}
