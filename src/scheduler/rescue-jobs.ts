/**
 * Takes back the claims of nodes that have stopped beating.
 *
 * Invariants: a node declares another dead only after 30 s of its silence and 30 s of its own unbroken beats, so an
 * outage of the database kills nobody; a rescued job keeps its place in the queue and uses up no attempt.
 */
import type { Context } from "../domain/context.ts";
import { takeBackClaims } from "../domain/take-back-claims.ts";
import type { Liveness } from "../model/liveness.ts";
import { type Service, service } from "../runtime/service.ts";

/**
 * Makes the service that takes back the claims of dead nodes.
 *
 * @param unbrokenMs how long this node has beaten without a gap
 */
export function createRescueJobs(context: Context, unbrokenMs: () => number, liveness: Liveness): Service {
  const { everyMs, silentMs } = liveness;
  return service("rescue-jobs", { everyMs }, context.log, async () => {
    if (unbrokenMs() < silentMs) return;
    const released = await takeBackClaims(context, silentMs);
    for (const { jobId, nodeId } of released) context.log.warn({ jobId, nodeId }, "took a job back from a dead node");
  });
}
