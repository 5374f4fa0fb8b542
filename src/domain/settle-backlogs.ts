/**
 * Settles spans that schedules have put aside, by their catch-up rules.
 *
 * Invariants: a slice makes at most a thousand jobs in one transaction, under the locks of the schedules that it settles; customers
 * take turns, and their schedules share a slice; the spans of one schedule are settled in the order of their times.
 */
import { jitterMs } from "../model/cron/jitter.ts";
import { skipAll } from "../model/firing/apply-overlap.ts";
import { openStored } from "../model/firing/open-stored.ts";
import { planBacklog } from "../model/firing/plan-backlog.ts";
import { listBacklogCustomers } from "../store/schedules/list-backlog-customers.ts";
import { lockBacklogSchedules } from "../store/schedules/lock-backlog-schedules.ts";
import type { LockedSchedule } from "../store/schedules/locked-schedule.ts";
import { postponeBacklogs } from "../store/schedules/postpone-backlogs.ts";
import { type Backlog, readBacklogs } from "../store/schedules/read-backlogs.ts";
import { type FiredDefinition, readFiredDefinitions } from "../store/schedules/read-fired-definitions.ts";
import { type BacklogRest, updateBacklogs } from "../store/schedules/update-backlogs.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import type { Account, Accounted } from "./steps/account.ts";
import { accountLocked, type Verdict } from "./steps/account-locked.ts";
import { accountOccurrences } from "./steps/account-occurrences.ts";
import { retainedFrom } from "./steps/retained-from.ts";

const mostCustomers = 20;
const mostSchedules = 200;
/** Jobs of one slice, at most. */
export const largestSlice = 1_000;
const mostBytes = 8 * 1024 * 1024;

/** Settles one slice. @param mostJobs at least 1 @returns how many schedules it looked at, and the customer behind which the next one begins: empty where this was the last */
export async function settleBacklogs(
  context: Context,
  startAfter: string,
  mostJobs = largestSlice,
): Promise<{ settled: number; startAfter: string }> {
  const { sql } = context.database;
  const { due, last } = await listBacklogCustomers(sql, startAfter, mostCustomers);
  if (due.length === 0) return { settled: 0, startAfter: last };
  const accounting = {
    account: (inside: Sql, locked: readonly LockedSchedule[], verdict: Verdict, days: Set<string>) =>
      settle(context, inside, locked, verdict, days, mostJobs),
    postpone: postponeBacklogs,
  };
  const settled = await accountLocked(context, accounting, (inside) =>
    lockBacklogSchedules(inside, due, Math.floor(mostSchedules / due.length)),
  );
  return { settled, startAfter: last };
}

async function settle(
  context: Context,
  sql: Sql,
  locked: readonly LockedSchedule[],
  verdict: Verdict,
  days: Set<string>,
  mostJobs: number,
): Promise<Accounted> {
  const ids = locked.map((one) => one.definitionId);
  const definitions = new Map((await readFiredDefinitions(sql, ids)).map((one) => [one.definitionId, one]));
  const schedules = new Map(locked.map((one) => [one.definitionId, one]));
  const backlogs = await readBacklogs(sql, ids);
  const most = Math.max(1, Math.floor(mostJobs / Math.max(1, backlogs.length)));
  const accounts: Account[] = [];
  const rests: BacklogRest[] = [];
  let bytes = 0;
  for (const backlog of backlogs) {
    const schedule = schedules.get(backlog.definitionId);
    const definition = definitions.get(backlog.definitionId);
    if (!schedule || !definition) continue;
    const left = Math.max(1, Math.floor((mostBytes - bytes) / Math.max(1, definition.paramsBytes)));
    const { account, rest } = slice(context, schedule, definition, backlog, verdict, Math.min(most, left));
    bytes += definition.paramsBytes * account.steps.filter((step) => step.type === "due").length;
    accounts.push(account);
    rests.push(rest);
    if (bytes >= mostBytes) break;
  }
  if (rests.length > 0) await updateBacklogs(sql, rests);
  return accountOccurrences(context, sql, accounts, days);
}

function stateOf({ schedule, paused }: FiredDefinition): "active" | "paused" | "removed" {
  if (schedule === null) return "removed";
  return paused ? "paused" : "active";
}

function slice(
  context: Context,
  schedule: LockedSchedule,
  definition: FiredDefinition,
  backlog: Backlog,
  verdict: Verdict,
  most: number,
): { account: Account; rest: BacklogRest } {
  const { times, rules } = openStored(backlog.schedule);
  const now = schedule.now.getTime();
  const span = {
    from: Math.max(backlog.from.getTime(), retainedFrom(context, now)),
    to: backlog.to.getTime(),
    asOf: backlog.asOf.getTime(),
    regardlessFrom: backlog.regardlessFrom?.getTime() ?? null,
    made: backlog.made,
  };
  const jitter = jitterMs(backlog.definitionId, rules.jitterSeconds);
  const at = { now, jitterMs: jitter, state: stateOf(definition) };
  const planned = planBacklog(times, rules, span, at, most);
  return {
    account: {
      schedule: { ...schedule, open: backlog.open },
      definition,
      overlap: rules.overlap,
      by: backlog.savedBy,
      steps: verdict.make === "jobs" ? planned.steps : skipAll(planned.steps, verdict.reason),
      advance: null,
    },
    rest: { id: backlog.id, from: planned.from, made: planned.made, dueAt: planned.dueAt },
  };
}
