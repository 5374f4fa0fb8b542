import type { Actor } from "../model/actor.ts";
import { listNodes } from "../store/nodes/list-nodes.ts";
import { countJobs, type JobCounts } from "../store/overview/count-jobs.ts";
import { countOccurrences, type OccurrenceCounts } from "../store/overview/count-occurrences.ts";
import { countQueue, type QueueCounts } from "../store/overview/count-queue.ts";
import { measureLag } from "../store/schedules/measure-lag.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** What the last day was like, and what is now. */
export interface Overview {
  readonly hours: number;
  readonly occurrences: OccurrenceCounts;
  readonly jobs: JobCounts;
  readonly queue: QueueCounts;
  readonly nodes: { readonly alive: number; readonly silent: number };
  /** How long the occurrence that has waited longest has been due, of all schedules of all customers; 0 where none waits. */
  readonly schedulerLagSeconds: number;
  readonly retentionDays: number;
}

const hours = 24;
/** Rows that each count looks at: enough for most, and few enough to be read on every visit of the page. */
const mostCounted = 10_000;
const mostNodes = 1_000;

/**
 * Counts what came of the last 24 hours, and what is now.
 *
 * @throws ApiError UNAVAILABLE
 */
export async function readOverview(context: Context, { customerCode }: Actor): Promise<Overview> {
  return readPatiently(context.database, async (sql) => {
    const [occurrences, jobs, queue, nodes, lag] = await Promise.all([
      countOccurrences(sql, customerCode, hours, mostCounted),
      countJobs(sql, customerCode, hours, mostCounted),
      countQueue(sql, customerCode, mostCounted),
      listNodes(sql, mostNodes),
      measureLag(sql),
    ]);
    const alive = nodes.filter((node) => node.alive).length;
    return {
      hours,
      occurrences,
      jobs,
      queue,
      nodes: { alive, silent: nodes.length - alive },
      schedulerLagSeconds: lag.due,
      retentionDays: context.retentionDays,
    };
  });
}
