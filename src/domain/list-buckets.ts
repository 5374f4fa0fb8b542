import type { Actor } from "../model/actor.ts";
import type { Bucket } from "../model/bucket.ts";
import { listBuckets as list } from "../store/buckets/list-buckets.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists buckets by code, from behind `after`. @throws ApiError UNAVAILABLE */
export async function listBuckets(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<Bucket[]> {
  return readPatiently(context.database, (sql) => list(sql, actor.customerCode, { after, only: null, limit }));
}
