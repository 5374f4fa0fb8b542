/**
 * Tells other nodes that jobs are ready: never inside an enqueue, and at most every few milliseconds.
 *
 * States: quiet → planned → quiet. Invariants: an announcement follows every `jobsReady` of this node within 5 ms;
 * a lost one costs a second at most, because every node also looks once a second.
 */
import { notifyJobs } from "../store/jobs/notify-jobs.ts";
import type { Context } from "./context.ts";

const everyMs = 5;

/**
 * Tells other nodes, from now on, when jobs of this one become ready.
 *
 * @param hasOthers whether another node lives: a lone one needs no announcement
 */
export function announceJobs(context: Context, hasOthers: () => boolean): void {
  let planned = false;
  context.events.on("jobsCreated", () => {
    if (planned || !hasOthers()) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      notifyJobs(context.database.sql, context.node.nodeId).catch((error: unknown) => {
        context.log.debug({ err: error }, "could not tell other nodes of ready jobs; they look once a second");
      });
    }, everyMs).unref();
  });
}
