import { firstUuid } from "../model/job-id.ts";
import { failSelfBlocked } from "../store/jobs/fail-self-blocked.ts";
import { listBlockedChildren } from "../store/jobs/list-blocked-children.ts";
import type { Context } from "./context.ts";
import { announceEnded } from "./steps/announce-ended.ts";
import { selfBlockedJson } from "./steps/self-blocked.ts";

/**
 * Fails blocked children whose ancestors have come to hold all of their definition's count, because its limit was lowered since.
 *
 * @returns where the next look begins
 */
export async function sweepSelfBlockedJobs(context: Context, after: string, limit: number): Promise<string> {
  const { sql } = context.database;
  const ids = await listBlockedChildren(sql, after, limit);
  if (ids.length === 0) return firstUuid;
  await announceEnded(context, await failSelfBlocked(sql, ids, selfBlockedJson));
  return ids.length === limit ? (ids.at(-1) ?? firstUuid) : firstUuid;
}
