/**
 * Removes jobs that ended long ago and the ledger of schedules, day by day, and audit events that are older still.
 *
 * States of a day: kept → over (every job that ended on its own day has expired) → gone. Invariants: no job goes before its
 * time, nor one that has not ended; a day goes whole where it can, which costs next to nothing; only where stragglers hold
 * a day are its expired rows removed one by one, in small batches; all of it may be done on many nodes at once.
 */
import { notificationDays } from "../model/notification.ts";
import { isPassing } from "../store/database-errors.ts";
import { deleteOldNotifications } from "../store/notifications/delete-old-notifications.ts";
import { deleteOldDeliveries } from "../store/outbox/delete-old-deliveries.ts";
import { giveUpOldDeliveries } from "../store/outbox/give-up-old-deliveries.ts";
import { deleteJobLogs } from "../store/retention/delete-job-logs.ts";
import { deleteJobs } from "../store/retention/delete-jobs.ts";
import { deleteOldBackfills } from "../store/retention/delete-old-backfills.ts";
import { deleteOldEvents } from "../store/retention/delete-old-events.ts";
import { dropDay } from "../store/retention/drop-day.ts";
import { findLastEnd } from "../store/retention/find-last-end.ts";
import { type ExpiredDay, listExpiredDays } from "../store/retention/list-expired-days.ts";
import { type JobPosition, listExpiredJobs } from "../store/retention/list-expired-jobs.ts";
import { listExpiredOccurrenceDays } from "../store/retention/list-expired-occurrence-days.ts";
import type { Context } from "./context.ts";

const dayMs = 24 * 3_600_000;
/** A year and a month: for whoever looks once a year at who did what. */
const eventDays = 400;
/** How long mail waits for a mail server to be set. */
const mailWaitDays = 7;
const jobsAtOnce = 200;
const linesAtOnce = 5_000;
const eventsAtOnce = 1_000;
const backfillsAtOnce = 1_000;
/** How long the rows of a day with stragglers are left alone after they have been walked, in milliseconds. */
const walkEveryMs = 3_600_000;

/** Removes what is older than it may become; whoever calls it decides how often. */
export interface Retention {
  /** Removes what has expired. */
  apply(): Promise<void>;
}

/** What is known of a day that could not go yet: it is read once, not each time. */
interface DayNotes {
  /** When its last job ended; undefined where some have not. */
  lastEnd?: number;
  /** The time up to which ended jobs have been removed by walking its rows. */
  walkedTo?: number;
}

/** Makes the retention of this node. */
export function createRetention(context: Context): Retention {
  const { database, log, retentionDays: days } = context;
  const notes = new Map<string, DayNotes>();

  async function clearDays(): Promise<void> {
    for (const expired of await listExpiredDays(database.sql, days)) {
      try {
        await applyTo(expired);
      } catch (error) {
        if (!isPassing(error)) throw error;
        // Whoever is in the way of this day is in the way of the others too.
        log.info({ err: error, day: expired.day }, "a day could not be cleared yet; the next run goes on with it");
        return;
      }
    }
  }

  async function applyTo(expired: ExpiredDay): Promise<void> {
    const { day } = expired;
    const cutoff = expired.cutoff.getTime();
    const known = notes.get(day) ?? {};
    notes.set(day, known);
    if (expired.isUnfinished) {
      delete known.lastEnd;
      if (expired.isOver) await walk(day, known, cutoff);
      return;
    }
    if (known.lastEnd === undefined || known.lastEnd < cutoff) {
      const last = await readLastEnd(day).catch((error: unknown) => {
        if (isPassing(error)) return "unread" as const;
        throw error;
      });
      if (last === "unread") {
        // A day too large to be read in time goes row by row, and must not keep the days behind it.
        await walk(day, known, cutoff);
        return;
      }
      if (!last || last.isExpired) {
        await drop(day);
        return;
      }
      known.lastEnd = last.at.getTime();
    }
    // Jobs that ran past midnight hold their day for as long as that; others for longer than is worth waiting for.
    const isHeldLong = known.lastEnd > Date.parse(`${day}T00:00:00Z`) + 2 * dayMs;
    if (expired.isOver && isHeldLong) await walk(day, known, cutoff);
  }

  /** In a session of its own, because a day of millions takes longer to read than a statement of the pool may. */
  async function readLastEnd(day: string): ReturnType<typeof findLastEnd> {
    return database.session(async ({ sql, script }) => {
      await script("set statement_timeout = '60s'");
      return findLastEnd(sql, day, days);
    });
  }

  async function drop(day: string): Promise<void> {
    if ((await dropTables("jobs", day)) === "busy") return;
    notes.delete(day);
    log.info({ day, retentionDays: days }, "dropped a day whose jobs have all expired");
  }

  async function dropTables(what: "jobs" | "occurrences", day: string): ReturnType<typeof dropDay> {
    return database.session(async (session) => {
      await session.script("set statement_timeout = '60s'");
      return dropDay(session, what, day);
    });
  }

  async function clearLedger(): Promise<void> {
    for (const day of await listExpiredOccurrenceDays(database.sql, days)) {
      try {
        await dropTables("occurrences", day);
      } catch (error) {
        if (!isPassing(error)) throw error;
        log.info({ err: error, day }, "a day of the ledger could not go yet; the next run goes on with it");
        return;
      }
    }
  }

  async function walk(day: string, known: DayNotes, cutoff: number): Promise<void> {
    if (known.walkedTo !== undefined && cutoff - known.walkedTo < walkEveryMs) return;
    let position: JobPosition | undefined;
    let removed = 0;
    do {
      const { last, expired } = await listExpiredJobs(database.sql, day, days, position, jobsAtOnce);
      if (expired.length > 0) await remove(day, expired);
      removed += expired.length;
      position = last;
    } while (position);
    known.walkedTo = cutoff;
    if (removed > 0) log.info({ day, jobs: removed }, "removed expired jobs of a day that others still hold");
  }

  async function remove(day: string, jobs: readonly JobPosition[]): Promise<void> {
    const ids = jobs.map((job) => job.id);
    while ((await deleteJobLogs(database.sql, day, ids, linesAtOnce)) === linesAtOnce) {}
    await deleteJobs(database.sql, day, jobs);
  }

  /** What was told, or could not be. */
  async function clearOutbox(): Promise<void> {
    const { sql } = database;
    const givenUp = await giveUpOldDeliveries(sql, mailWaitDays, "Nobody could send it in time.");
    if (givenUp > 0) log.warn({ deliveries: givenUp }, "gave up deliveries that nobody could send");
    // What tells of jobs goes with them.
    const toldDays = Math.min(days, notificationDays);
    while ((await deleteOldDeliveries(sql, toldDays, eventsAtOnce)) === eventsAtOnce) {}
    while ((await deleteOldNotifications(sql, toldDays, eventsAtOnce)) === eventsAtOnce) {}
  }

  return {
    async apply() {
      await clearDays();
      await clearLedger();
      await clearOutbox();
      while ((await deleteOldEvents(database.sql, eventDays, eventsAtOnce)) === eventsAtOnce) {}
      while ((await deleteOldBackfills(database.sql, days, backfillsAtOnce)) === backfillsAtOnce) {}
    },
  };
}
