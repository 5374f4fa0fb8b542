import { limitMissedJobs } from "../store/jobs/limit-missed-jobs.ts";
import { listBlockedGroups } from "../store/jobs/list-blocked-groups.ts";
import type { Context } from "./context.ts";

const customersAtOnce = 100;

/**
 * Lets through what limits have room for, of the customers after `startAfter` that have blocked jobs.
 *
 * @returns the customer after which the next sweep begins; empty where it was the last
 */
export async function sweepBlockedJobs(context: Context, startAfter: string): Promise<string> {
  await limitMissedJobs(context.database.sql);
  const groups = await listBlockedGroups(context.database.sql, startAfter, customersAtOnce);
  await context.admitter.admitNow(groups);
  return groups.length === customersAtOnce ? (groups.at(-1)?.customerCode ?? "") : "";
}
