import { queueStates } from "../model/job-state.ts";
import { measureQueue } from "../store/jobs/measure-queue.ts";
import { measureDeliveries } from "../store/outbox/measure-deliveries.ts";
import { measureLag } from "../store/schedules/measure-lag.ts";
import type { Context } from "./context.ts";

/**
 * Takes into the metrics the depth of the queue, by state and customer, the age of its oldest ready job, how far schedules are
 * behind, and how many mails and webhook calls wait.
 */
export async function sampleQueue({ database, metrics }: Context): Promise<void> {
  metrics.queueSampled(queueStates, await measureQueue(database.sql));
  metrics.schedulesSampled(await measureLag(database.sql));
  metrics.deliveriesSampled(await measureDeliveries(database.sql));
}
