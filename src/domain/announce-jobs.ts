/**
 * Tells other nodes that jobs are ready: never inside an enqueue, and at most every few milliseconds.
 *
 * States: quiet → planned → quiet. Invariants: an announcement follows every `jobsReady` of this node within 5 ms;
 * a lost one costs a second at most, because every node also looks once a second.
 */
import type { Events } from "../runtime/events.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import { notifyJobs } from "../store/jobs/notify-jobs.ts";

const everyMs = 5;

/** @param hasOthers whether another node lives: a lone one needs no announcement */
export function announceJobs(
  database: Database,
  events: Events,
  log: Logger,
  nodeId: string,
  hasOthers: () => boolean,
): void {
  let planned = false;
  events.on("jobsReady", () => {
    if (planned || !hasOthers()) return;
    planned = true;
    setTimeout(() => {
      planned = false;
      notifyJobs(database.sql, nodeId).catch((error: unknown) => {
        log.debug({ err: error }, "could not tell other nodes of ready jobs; they look once a second");
      });
    }, everyMs).unref();
  });
}
