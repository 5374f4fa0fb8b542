/**
 * Measures how long the queues of customers are.
 *
 * Invariant: it takes a twentieth of the time at most: a queue of millions, which takes a while to count, is counted less often.
 */
import type { Context } from "../domain/context.ts";
import { type Service, service } from "../runtime/service.ts";

const leastPauseMs = 1_000;

/** Makes the service; every node that takes new jobs needs it. */
export function createMeasureQueues(context: Context): Service {
  let pauseMs = leastPauseMs;
  return service("measure-queues", { everyMs: () => pauseMs }, context.log, async () => {
    const began = performance.now();
    await context.queueLengths.measure();
    pauseMs = Math.max(leastPauseMs, 20 * (performance.now() - began));
  });
}
