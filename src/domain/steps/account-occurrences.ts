/** What firing and the settling of backlogs share: jobs, ledger and schedules are written together, under the schedules' locks. */
import type { JoblessRange } from "../../model/firing/account.ts";
import { applyOverlap, continues, type MadeOccurrence, skipAll } from "../../model/firing/apply-overlap.ts";
import { formatJobId, type JobKey } from "../../model/job-id.ts";
import { type CancelledJob, cancelJobs } from "../../store/jobs/cancel-job.ts";
import { holdJobs } from "../../store/jobs/hold-jobs.ts";
import { insertScheduledJobs } from "../../store/jobs/insert-scheduled-jobs.ts";
import { type Advance, advanceSchedules } from "../../store/schedules/advance-schedules.ts";
import { type ExtendedRow, extendOccurrences } from "../../store/schedules/extend-occurrences.ts";
import type { OpenRange } from "../../store/schedules/locked-schedule.ts";
import { readUnfinished } from "../../store/schedules/read-unfinished.ts";
import { type OccurrenceRow, writeOccurrences } from "../../store/schedules/write-occurrences.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import type { Account, Accounted, MadeJob } from "./account.ts";
import { cancelGraceMs, cancelledByNewer } from "./cancelled-by-newer.ts";
import { scheduledJobs } from "./scheduled-jobs.ts";

/** An account of which it is decided what becomes of each occurrence. */
interface Decided {
  readonly account: Account;
  readonly steps: readonly (MadeOccurrence | JoblessRange)[];
  readonly cancel: readonly string[];
  /** When a job that waits for what was cancelled waits no longer. */
  readonly holdUntil: Date | null;
}

/**
 * Writes the jobs of the occurrences, as overlap allows, and their rows of the ledger; schedules move on.
 *
 * @param days takes in the days of the ledger that are written to, for whoever has to make one
 */
export async function accountOccurrences(
  context: Context,
  sql: Sql,
  accounts: readonly Account[],
  days: Set<string>,
): Promise<Accounted> {
  const undecided = await decide(context, sql, accounts);
  const cancelled = await cancel(
    sql,
    undecided.map((one) => [one.account, one.cancel]),
  );
  const running = new Set(cancelled.filter((job) => job.state === "claimed").map((job) => job.id));
  const decided = undecided.map((one) => startWhereNothingRuns(one, running));
  const { made, keys } = await makeJobs(context, sql, decided);
  const replaced = decided.map((one) => [one.account, keysOf(one, keys, "replaced")] as const);
  cancelled.push(...(await cancel(sql, replaced)));
  await writeLedger(sql, decided, keys, days);
  const withoutJob = decided.flatMap(({ account, steps }) =>
    steps.flatMap((step) =>
      step.type === "range" ? [{ customerCode: account.schedule.customerCode, range: step }] : [],
    ),
  );
  return { made, withoutJob, cancelled };
}

async function decide(context: Context, sql: Sql, accounts: readonly Account[]): Promise<Decided[]> {
  const isFull = ({ schedule }: Account) => context.queueLengths.isFull(schedule.customerCode);
  const asked = accounts.filter(
    (one) => one.overlap !== "allow" && !isFull(one) && one.steps.some((step) => step.type === "due"),
  );
  const found =
    asked.length > 0
      ? await readUnfinished(
          sql,
          asked.map((one) => one.schedule.definitionId),
        )
      : [];
  const unfinished = new Map(found.map((one) => [one.definitionId, one]));
  return accounts.map((account) => {
    if (isFull(account)) {
      return { account, steps: skipAll(account.steps, "the customer's queue is full"), cancel: [], holdUntil: null };
    }
    const before = unfinished.get(account.schedule.definitionId);
    const decision = applyOverlap(account.overlap, account.steps, {
      active: before?.active ?? [],
      held: before?.held ?? null,
      newest: before?.newest?.getTime() ?? null,
    });
    const graceEnd = before?.heldUntil ?? new Date(account.schedule.now.getTime() + cancelGraceMs);
    return { account, ...decision, holdUntil: account.overlap === "cancelRunning" ? graceEnd : null };
  });
}

/** What was cancelled before it ran has ended already. */
function startWhereNothingRuns(one: Decided, running: ReadonlySet<string>): Decided {
  if (one.account.overlap !== "cancelRunning" || one.cancel.some((id) => running.has(id))) return one;
  const steps = one.steps.map((step) =>
    step.type === "made" && step.fate === "hold" ? { ...step, fate: "start" as const } : step,
  );
  return { ...one, steps };
}

async function cancel(sql: Sql, wanted: readonly (readonly [Account, readonly string[]])[]): Promise<CancelledJob[]> {
  const byCustomer = new Map<string, string[]>();
  for (const [{ schedule }, ids] of wanted) {
    if (ids.length === 0) continue;
    byCustomer.set(schedule.customerCode, [...(byCustomer.get(schedule.customerCode) ?? []), ...ids]);
  }
  const cancelled: CancelledJob[] = [];
  for (const [customerCode, ids] of byCustomer) {
    cancelled.push(...(await cancelJobs(sql, customerCode, ids, cancelledByNewer)));
  }
  return cancelled;
}

const lateReasons = { schedule: "the scheduler was behind", catchUp: "made up for after the fact" } as const;

/** The job of an occurrence. */
type Keys = ReadonlyMap<MadeOccurrence, JobKey>;

async function makeJobs(
  context: Context,
  sql: Sql,
  decided: readonly Decided[],
): Promise<{ made: MadeJob[]; keys: Keys }> {
  const ids = new Map<MadeOccurrence, string>();
  const wanted = decided.flatMap(({ account, steps }) => {
    const occurrences = steps.filter((step) => step.type === "made");
    for (const occurrence of occurrences) ids.set(occurrence, context.clock.newId());
    return occurrences.length > 0 ? [{ account, occurrences }] : [];
  });
  const keys = new Map<MadeOccurrence, JobKey>();
  if (wanted.length === 0) return { made: [], keys };

  const definitions = await scheduledJobs(context, sql, wanted, ids);
  const inserted = new Map((await insertScheduledJobs(sql, definitions)).map((one) => [one.id, one]));
  const made: MadeJob[] = [];
  for (const [index, { account, occurrences }] of wanted.entries()) {
    for (const occurrence of occurrences) {
      const row = inserted.get(ids.get(occurrence) ?? "");
      if (!row) throw new Error(`the job of ${account.schedule.definitionId} was not written`);
      keys.set(occurrence, { day: row.day, id: row.id });
      made.push({
        jobId: formatJobId(row),
        jobDefinitionCode: account.definition.jobDefinitionCode,
        customerCode: account.schedule.customerCode,
        jobType: account.definition.jobType,
        definitionId: account.schedule.definitionId,
        concurrencyKey: definitions[index]?.concurrencyKey ?? null,
        outcome: occurrence.outcome,
        lateMs: occurrence.lateMs,
        state: row.state,
        fate: occurrence.fate,
      });
    }
  }
  const held = decided.flatMap((one) => keysOf(one, keys, "hold").map((id) => ({ id, until: one.holdUntil })));
  if (held.length > 0) await holdJobs(sql, held);
  return { made, keys };
}

function keysOf({ steps }: Decided, keys: Keys, fate: MadeOccurrence["fate"]): string[] {
  return steps.flatMap((step) => (step.type === "made" && step.fate === fate ? (keys.get(step)?.id ?? []) : []));
}

async function writeLedger(sql: Sql, decided: readonly Decided[], keys: Keys, days: Set<string>): Promise<void> {
  const rows: OccurrenceRow[] = [];
  const extended: ExtendedRow[] = [];
  const advances: Advance[] = [];
  for (const { account, steps } of decided) {
    const { definitionId, customerCode } = account.schedule;
    let open = account.schedule.open;
    for (const step of steps) {
      if (step.type === "made") {
        const { scheduledFor, outcome, lateMs } = step;
        const reason = outcome === "late" ? lateReasons[step.kind] : null;
        const job = keys.get(step) ?? null;
        const only = { scheduledFor, until: scheduledFor, count: 1 };
        rows.push({ definitionId, customerCode, ...only, outcome, reason, job, lateMs });
        open = null;
        continue;
      }
      const { from, until, count, outcome, reason } = step;
      if (open && continues({ ...open, from: open.from.getTime() }, step)) {
        extended.push({ definitionId, from: open.from.getTime(), until, count });
        continue;
      }
      const range = { scheduledFor: from, until, count };
      rows.push({ definitionId, customerCode, ...range, outcome, reason, job: null, lateMs: null });
      open = { from: new Date(from), outcome, reason } satisfies OpenRange;
    }
    if (account.advance) advances.push({ definitionId, ...account.advance, open });
  }
  for (const row of rows) days.add(new Date(row.scheduledFor).toISOString().slice(0, 10));
  if (rows.length > 0) await writeOccurrences(sql, rows);
  if (extended.length > 0) await extendOccurrences(sql, extended);
  if (advances.length > 0) await advanceSchedules(sql, advances);
}
