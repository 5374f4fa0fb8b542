import { queueStates } from "../model/job-state.ts";
import { measureQueue } from "../store/jobs/measure-queue.ts";
import type { Context } from "./context.ts";

/** Takes the depth of the queue, by state and customer, and the age of its oldest ready job into the metrics. */
export async function sampleQueue({ database, metrics }: Context): Promise<void> {
  metrics.queueSampled(queueStates, await measureQueue(database.sql));
}
