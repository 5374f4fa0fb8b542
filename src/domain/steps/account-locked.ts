import { isMissingPartition, isPassing } from "../../store/database-errors.ts";
import { makeJobDays } from "../../store/jobs/make-job-days.ts";
import { lockNamedSchedules } from "../../store/schedules/lock-named-schedules.ts";
import type { LockedSchedule } from "../../store/schedules/locked-schedule.ts";
import { makeOccurrenceDays } from "../../store/schedules/make-occurrence-days.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import type { Accounted } from "./account.ts";
import { announceAccounted } from "./announce-accounted.ts";
import { retryDeadlocks } from "./retry-deadlocks.ts";

/** Whether jobs are made, or all occurrences skipped for that reason, because they cannot be. */
export type Verdict = { readonly make: "jobs" } | { readonly make: "nothing"; readonly reason: string };

/** How locked schedules are accounted for. */
export interface Accounting {
  /** In one transaction, under the schedules' locks. @param days takes in the days of the ledger that are written to */
  account(sql: Sql, locked: readonly LockedSchedule[], verdict: Verdict, days: Set<string>): Promise<Accounted>;
  /** Puts off what can be written neither so nor so. */
  postpone(sql: Sql, definitionId: string): Promise<void>;
}

type Lock = (sql: Sql) => Promise<readonly LockedSchedule[]>;

const refusedReason = "the job could not be made; the node's log says why";

/**
 * Locks schedules and accounts for them in one transaction. One that cannot be written fails alone: the others are taken apart
 * from it, its occurrences are skipped, and where even that is refused, it is put off.
 *
 * @returns how many were locked
 * @throws what passes: the database is away, and nothing has happened
 */
export async function accountLocked(context: Context, accounting: Accounting, lock: Lock): Promise<number> {
  const { locked, error } = await attempt(context, accounting, lock, { make: "jobs" });
  if (error === undefined) return locked.length;
  if (locked.length === 0) throw error;
  await apart(context, accounting, locked, error);
  return locked.length;
}

async function apart(
  context: Context,
  accounting: Accounting,
  definitionIds: readonly string[],
  cause: unknown,
): Promise<void> {
  const [definitionId] = definitionIds;
  if (definitionIds.length === 1 && definitionId !== undefined) {
    await giveUp(context, accounting, definitionId, cause);
    return;
  }
  const middle = Math.ceil(definitionIds.length / 2);
  for (const half of [definitionIds.slice(0, middle), definitionIds.slice(middle)]) {
    const { error } = await attempt(context, accounting, named(half), { make: "jobs" });
    if (error !== undefined) await apart(context, accounting, half, error);
  }
}

async function giveUp(context: Context, accounting: Accounting, definitionId: string, cause: unknown): Promise<void> {
  context.log.error({ err: cause, definitionId }, "a schedule's job could not be made; its occurrence is skipped");
  const { error } = await attempt(context, accounting, named([definitionId]), {
    make: "nothing",
    reason: refusedReason,
  });
  if (error === undefined) return;
  context.log.error({ err: error, definitionId }, "a schedule could not be fired; it is tried again in a minute");
  await accounting.postpone(context.database.sql, definitionId);
}

const named =
  (definitionIds: readonly string[]): Lock =>
  (sql) =>
    lockNamedSchedules(sql, definitionIds);

/** @returns the definitions that were locked, and the error that is theirs */
async function attempt(
  context: Context,
  accounting: Accounting,
  lock: Lock,
  verdict: Verdict,
): Promise<{ locked: string[]; error?: unknown }> {
  let locked: string[] = [];
  const days = new Set<string>();
  const write = () =>
    context.database.transaction(async (sql) => {
      const schedules = await lock(sql);
      locked = schedules.map((one) => one.definitionId);
      return schedules.length > 0 ? accounting.account(sql, schedules, verdict, days) : null;
    });
  const writeWithDays = () =>
    write().catch(async (error: unknown) => {
      if (!isMissingPartition(error)) throw error;
      await makeJobDays(context.database.sql, 0);
      await makeOccurrenceDays(context.database.sql, [...days]);
      return write();
    });
  try {
    const accounted = await retryDeadlocks(() => {
      locked = [];
      return writeWithDays();
    });
    if (accounted) await announceAccounted(context, accounted);
    return { locked };
  } catch (error) {
    if (isPassing(error)) throw error;
    return { locked, error };
  }
}
