import { wakeJobs } from "../store/jobs/wake-jobs.ts";
import type { Context } from "./context.ts";
import { announceResumed } from "./steps/announce-resumed.ts";

/** Puts jobs back into the queue whose time has come, at most `limit`. @returns how many */
export async function wakeDueJobs(context: Context, limit: number): Promise<number> {
  const woken = await wakeJobs(context.database.sql, limit);
  announceResumed(context, woken);
  return woken.length;
}
