import { queueStates } from "../model/job-state.ts";
import { measureQueue } from "../store/jobs/measure-queue.ts";
import { measureLag } from "../store/schedules/measure-lag.ts";
import type { Context } from "./context.ts";

/**
 * Takes into the metrics the depth of the queue, by state and customer, the age of its oldest ready job, and how far schedules
 * are behind.
 */
export async function sampleQueue({ database, metrics }: Context): Promise<void> {
  metrics.queueSampled(queueStates, await measureQueue(database.sql));
  metrics.schedulesSampled(await measureLag(database.sql));
}
