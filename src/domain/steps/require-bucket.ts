import type { Actor } from "../../model/actor.ts";
import { notFound } from "../../model/api-errors.ts";
import { findBucket } from "../../store/buckets/find-bucket.ts";
import type { Sql } from "../../store/sql.ts";

/** A bucket's id. @throws ApiError NOT_FOUND */
export async function requireBucket(
  sql: Sql,
  { customerCode }: Pick<Actor, "customerCode">,
  bucketCode: string,
): Promise<string> {
  const bucketId = await findBucket(sql, customerCode, bucketCode);
  if (bucketId === undefined) throw notFound("bucket", bucketCode);
  return bucketId;
}
