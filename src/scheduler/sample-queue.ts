/**
 * Samples the queue for the metrics.
 *
 * Invariant: it takes a fiftieth of the time at most, however long the queue is and however often the metrics are read.
 */
import type { Context } from "../domain/context.ts";
import { sampleQueue } from "../domain/sample-queue.ts";
import { type Service, service } from "../runtime/service.ts";

const leastPauseMs = 10_000;

/** Makes the service. */
export function createSampleQueue(context: Context): Service {
  let pauseMs = leastPauseMs;
  return service("sample-queue", { everyMs: () => pauseMs }, context.log, async () => {
    const began = performance.now();
    await sampleQueue(context);
    pauseMs = Math.max(leastPauseMs, 50 * (performance.now() - began));
  });
}
