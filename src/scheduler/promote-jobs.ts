/**
 * Makes jobs ready when their time has come: those that are scheduled, and those that wait for a time.
 *
 * Invariants: a job is promoted by one node, at or after its time, by the database's clock; the service sleeps until the next
 * one is due, looks again whenever this node puts a job to wait, and sleeps a second at most, because another node may have
 * been given an earlier one.
 */
import type { Context } from "../domain/context.ts";
import { promoteJobs } from "../domain/promote-jobs.ts";
import { type Service, service } from "../runtime/service.ts";

const largestBatch = 1_000;
const longestSleepMs = 1_000;

/** Makes the service. */
export function createPromoteJobs(context: Context): Service {
  let sleepMs = 0;
  const promote = service("promote-jobs", { everyMs: () => sleepMs }, context.log, async () => {
    const { promoted, nextInMs } = await promoteJobs(context, largestBatch);
    sleepMs = promoted === largestBatch ? 0 : Math.min(longestSleepMs, Math.max(1, nextInMs ?? longestSleepMs));
  });
  context.events.on("jobsScheduled", () => promote.wake());
  return promote;
}
