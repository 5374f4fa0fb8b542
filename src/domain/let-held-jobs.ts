/**
 * Lets go of jobs that the overlap rule of their schedule holds, when those that they waited for have ended.
 *
 * Invariants: a schedule has one job after another let go, under its row's lock, so that it never decides about a new one in
 * between; whatever a look fails to see, because an end and a new held job crossed, the sweep sees within a second.
 */

import type { TriggerKind } from "../model/job.ts";
import { firstUuid } from "../model/job-id.ts";
import { createBatcher } from "../runtime/batcher.ts";
import type { Events } from "../runtime/events.ts";
import type { Logger } from "../runtime/logger.ts";
import type { Database } from "../store/database.ts";
import type { EndedJob } from "../store/jobs/ended-job.ts";
import { groupsOf } from "../store/jobs/left-place.ts";
import { letHeldJobs } from "../store/jobs/let-held-jobs.ts";
import { listHoldingDefinitions } from "../store/jobs/list-holding-definitions.ts";
import { lockHoldingSchedules } from "../store/schedules/lock-holding-schedules.ts";
import type { Admitter } from "./admit-jobs.ts";

/** Lets go of held jobs. */
export interface Holds {
  /** Looks soon whether the ends of these jobs let go of others. */
  ended(jobs: readonly Pick<EndedJob, "triggerKind" | "definitionId">[]): void;
  /** Looks soon whether the definition has a held job that waits for nothing any more. */
  look(definitionId: string): void;
  /** Looks at `limit` definitions with held jobs. @returns where the next sweep begins */
  sweep(startAfter: string, limit: number): Promise<string>;
}

/** Kinds of jobs that count for the overlap rule of their definition's schedule. */
const countedKinds: readonly TriggerKind[] = ["schedule", "catchUp", "backfill"];

/** Definitions that are locked together. */
const atOnce = 200;

/** Makes what lets go of held jobs on this node. */
export function createHolds(database: Database, events: Events, admitter: Admitter, log: Logger): Holds {
  const looks = createBatcher<string, "looked">({
    maxSize: atOnce,
    maxRunning: 1,
    isRefused: () => false,
    async run(definitionIds) {
      await letGo([...new Set(definitionIds)]);
      return definitionIds.map(() => "looked");
    },
  });

  async function letGo(definitionIds: readonly string[]): Promise<void> {
    const released = await database.transaction(async (sql) => {
      const holding = await lockHoldingSchedules(sql, definitionIds);
      return holding.length > 0 ? letHeldJobs(sql, holding) : [];
    });
    if (released.length === 0) return;
    events.emit("jobsReady");
    events.emit("jobsCreated");
    admitter.admit(groupsOf(released));
  }

  function look(definitionId: string): void {
    looks.add(definitionId).catch((error: unknown) => {
      log.warn({ err: error }, "held jobs could not be looked after; the sweep will");
    });
  }

  return {
    ended(jobs) {
      const counted = jobs.filter((job) => countedKinds.includes(job.triggerKind));
      for (const definitionId of new Set(counted.flatMap((job) => job.definitionId ?? []))) look(definitionId);
    },
    look,
    async sweep(startAfter, limit) {
      const definitionIds = await listHoldingDefinitions(database.sql, startAfter, limit);
      for (let from = 0; from < definitionIds.length; from += atOnce) {
        await letGo(definitionIds.slice(from, from + atOnce));
      }
      return definitionIds.length === limit ? (definitionIds.at(-1) ?? firstUuid) : firstUuid;
    },
  };
}
