/**
 * Fires schedules whose time has come.
 *
 * Invariants: a batch is one transaction, so that an occurrence has its job, its row of the ledger and its schedule moved on, or
 * nothing of these; the next time derives from the occurrence before it; batches are bounded in schedules, jobs and bytes; every
 * customer with due schedules gets an even share of a batch.
 */

import { jitterMs } from "../model/cron/jitter.ts";
import { skipAll } from "../model/firing/apply-overlap.ts";
import { evenShares } from "../model/firing/even-shares.ts";
import { type OpenedSchedule, openStored } from "../model/firing/open-stored.ts";
import { planFiring } from "../model/firing/plan-firing.ts";
import { type Advance, advanceSchedules } from "../store/schedules/advance-schedules.ts";
import { insertBacklogs, type NewBacklog } from "../store/schedules/insert-backlogs.ts";
import { listDueCustomers } from "../store/schedules/list-due-customers.ts";
import { lockDueSchedules } from "../store/schedules/lock-due-schedules.ts";
import type { LockedSchedule } from "../store/schedules/locked-schedule.ts";
import { postponeSchedule } from "../store/schedules/postpone-schedule.ts";
import { type FiredDefinition, readFiredDefinitions } from "../store/schedules/read-fired-definitions.ts";
import { type DueCount, sampleDue } from "../store/schedules/sample-due.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import type { Account, Accounted } from "./steps/account.ts";
import { accountLocked, type Verdict } from "./steps/account-locked.ts";
import { accountOccurrences } from "./steps/account-occurrences.ts";
import { retainedFrom } from "./steps/retained-from.ts";

/** Bounds of one batch, which takes some tens of milliseconds: schedules, jobs, and bytes of their params. */
const mostSchedules = 500;
const mostJobs = 1_000;
const mostBytes = 8 * 1024 * 1024;
/** Where more are due than one batch takes, this many are under way at once, each in a transaction of its own. */
const mostBatches = 2;
/** Among so many that are due their customers are counted at once; where more are, customer by customer. */
const mostSampled = 4 * mostSchedules;

/** What one look came to. */
export interface FiredBatch {
  /** How many schedules it looked at; 0: none is due, or other nodes have all that are. */
  readonly schedules: number;
  /** Whether any was due. */
  readonly found: "some" | "none";
  /** The customer behind which the next look begins its walk. */
  readonly startAfter: string;
}

/** Fires due schedules: one batch, or a few side by side where many are due. */
export async function fireSchedules(context: Context, startAfter: string): Promise<FiredBatch> {
  const { sql } = context.database;
  const sample = await sampleDue(sql, mostSampled + 1);
  if (sample.length === 0) return { schedules: 0, found: "none", startAfter };
  const sampled = sample.reduce((sum, one) => sum + one.due, 0);
  const walk =
    sampled > mostSampled
      ? await listDueCustomers(sql, startAfter, mostSchedules)
      : { counts: sample, last: startAfter };
  const batches = sampled > mostSchedules ? mostBatches : 1;
  const shares = evenShares(wantedOf(walk.counts), batches * mostSchedules);
  if (shares.size === 0) return { schedules: 0, found: "some", startAfter: walk.last };
  const accounting = {
    account: (inside: Sql, locked: readonly LockedSchedule[], verdict: Verdict, days: Set<string>) =>
      fire(context, inside, locked, verdict, days),
    postpone: postponeSchedule,
  };
  const fired = await Promise.allSettled(
    split(shares, batches).map((part) =>
      accountLocked(context, accounting, (inside) => lockDueSchedules(inside, part)),
    ),
  );
  let schedules = 0;
  for (const one of fired) {
    if (one.status === "rejected") throw one.reason;
    schedules += one.value;
  }
  return { schedules, found: "some", startAfter: walk.last };
}

/** Of each customer's share an equal part for each batch; what one has locked another passes over. */
function split(shares: ReadonlyMap<string, number>, batches: number): Map<string, number>[] {
  const parts = Array.from({ length: batches }, () => new Map<string, number>());
  let turn = 0;
  for (const [customerCode, share] of shares) {
    for (const [index, part] of parts.entries()) {
      const size = Math.floor((share + ((index + turn) % batches)) / batches);
      if (size > 0) part.set(customerCode, size);
    }
    turn += 1;
  }
  return parts.filter((part) => part.size > 0);
}

function wantedOf(counts: readonly DueCount[]): Map<string, number> {
  return new Map(counts.map((one) => [one.customerCode, one.due]));
}

async function fire(
  context: Context,
  sql: Sql,
  locked: readonly LockedSchedule[],
  verdict: Verdict,
  days: Set<string>,
): Promise<Accounted> {
  const found = await readFiredDefinitions(
    sql,
    locked.map((one) => one.definitionId),
  );
  const definitions = new Map(found.map((one) => [one.definitionId, one]));
  const most = Math.max(1, Math.floor(mostJobs / locked.length));
  const accounts: Account[] = [];
  const backlogs: NewBacklog[] = [];
  const idle: Advance[] = [];
  let bytes = 0;
  for (const schedule of locked) {
    const { definitionId } = schedule;
    const definition = definitions.get(definitionId);
    if (!definition || definition.paused || definition.schedule === null) {
      idle.push({ definitionId, position: schedule.position.getTime(), nextFireAt: null, open: null });
      continue;
    }
    const opened = open(context, definitionId, definition.schedule);
    if (!opened) {
      await postponeSchedule(sql, definitionId);
      continue;
    }
    const fitting = Math.max(1, Math.floor(mostBytes / Math.max(1, definition.paramsBytes)));
    const planned = plan(context, schedule, definition, definition.schedule, opened, verdict, Math.min(most, fitting));
    const { account, behind } = planned;
    bytes += definition.paramsBytes * account.steps.length;
    // What is left is still due, and comes with a later batch.
    if (bytes > mostBytes && accounts.length > 0) break;
    accounts.push(account);
    backlogs.push(...behind);
  }
  if (backlogs.length > 0) await insertBacklogs(sql, backlogs);
  if (idle.length > 0) await advanceSchedules(sql, idle);
  return accountOccurrences(context, sql, accounts, days);
}

/** A schedule that this node cannot read, for instance because it does not know the time zone, must not keep the others. */
function open(context: Context, definitionId: string, text: string): OpenedSchedule | undefined {
  try {
    return openStored(text);
  } catch (error) {
    context.log.error({ err: error, definitionId }, "a stored schedule cannot be read; it is tried again in a minute");
    return undefined;
  }
}

function plan(
  context: Context,
  schedule: LockedSchedule,
  definition: FiredDefinition,
  text: string,
  { times, rules }: OpenedSchedule,
  verdict: Verdict,
  most: number,
): { account: Account; behind: NewBacklog[] } {
  const { definitionId, customerCode } = schedule;
  const now = schedule.now.getTime();
  const jitter = jitterMs(definitionId, rules.jitterSeconds);
  const planned = planFiring(times, { position: schedule.position.getTime(), now, jitterMs: jitter }, most);
  const { due, behind, position, nextFireAt } = planned;
  const account: Account = {
    // What comes after a span that is put aside is not next to what came before it.
    schedule: behind ? { ...schedule, open: null } : schedule,
    definition,
    overlap: rules.overlap,
    by: definition.savedBy,
    steps: verdict.make === "jobs" ? due : skipAll(due, verdict.reason),
    advance: { position, nextFireAt },
  };
  if (!behind) return { account, behind: [] };
  const from = Math.max(behind.from, retainedFrom(context, now));
  if (from >= behind.to) return { account, behind: [] };
  const span = { id: context.clock.newId(), definitionId, customerCode, schedule: text, savedBy: definition.savedBy };
  return { account, behind: [{ ...span, from, to: behind.to, asOf: now, regardlessFrom: null }] };
}
