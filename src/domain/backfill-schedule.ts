/**
 * Makes the jobs of a past range of a schedule.
 *
 * Invariants: a time is backfilled once, however often and by however many callers it is asked for, because all of them hold the
 * schedule's lock; all that a call makes is made by one version of the definition; a call that breaks off has made whole pieces, and a repeat makes the rest; unless jobs of the schedule may
 * overlap, what it makes is held, and let go one at a time.
 */
import type { Actor } from "../model/actor.ts";
import { conflict, type FieldError, invalid, notFound } from "../model/api-errors.ts";
import { openSchedule, type Schedule } from "../model/cron/schedule.ts";
import type { NewJob } from "../model/job.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { formatJobId } from "../model/job-id.ts";
import { resolveSchedule } from "../model/schedule.ts";
import { findBackfills } from "../store/backfills/find-backfills.ts";
import { insertBackfills } from "../store/backfills/insert-backfills.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import { holdJobs } from "../store/jobs/hold-jobs.ts";
import { insertJobs } from "../store/jobs/insert-jobs.ts";
import { readTime } from "../store/nodes/read-time.ts";
import { lockSchedule } from "../store/schedules/lock-schedule.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { newJob } from "./steps/new-job.ts";
import { readPatiently } from "./steps/read-patiently.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { findLocked } from "./steps/save-job-definition.ts";
import { withJobDays } from "./steps/with-job-days.ts";
import { tellNewJob } from "./tell-changes.ts";

/** Occurrences of one call, at most. */
const most = 1_000;
/** Jobs of one transaction, at most, and characters of their params. */
const largestPiece = { jobs: 250, params: 2 * 1024 * 1024 };

/** A range of the past. */
export interface BackfillRange {
  /** Included. */
  readonly from: Date;
  /** Excluded. */
  readonly to: Date;
}

/**
 * Makes a job for each occurrence of a range, by the schedule as it is now.
 *
 * @returns their ids in the order of the occurrences, those that were made before included
 * @throws ApiError NOT_FOUND, VALIDATION_FAILED, CONFLICT (job type not there, or the definition is saved meanwhile), RATE_LIMITED, UNAVAILABLE
 */
export async function backfillSchedule(
  context: Context,
  actor: Actor,
  code: string,
  range: BackfillRange,
): Promise<string[]> {
  const { definition, now } = await readPatiently(context.database, async (sql) => ({
    definition: await findDefinition(sql, actor.customerCode, code),
    now: await readTime(sql),
  }));
  if (!definition) throw notFound("job definition", code);
  if (!definition.schedule) throw invalid([{ path: "", message: "the job definition has no schedule" }]);
  const times = occurrencesOf(openSchedule(definition.schedule), range, now?.getTime() ?? 0);
  const template = templateOf(context, actor, definition);
  const size = Math.max(1, Math.min(largestPiece.jobs, Math.floor(largestPiece.params / template.params.length)));
  const jobIds: string[] = [];
  for (let start = 0; start < times.length; start += size) {
    jobIds.push(...(await makePiece(context, actor, definition, template, times.slice(start, start + size))));
  }
  return jobIds;
}

function occurrencesOf(schedule: Schedule, { from, to }: BackfillRange, now: number): number[] {
  const errors: FieldError[] = [];
  if (from > to) errors.push({ path: "/from", message: "must not lie behind `to`" });
  if (to.getTime() > now) {
    errors.push({ path: "/to", message: `must not lie ahead: it is ${new Date(now).toISOString()} now` });
  }
  if (errors.length > 0) throw invalid(errors);
  const count = schedule.count(from.getTime(), to.getTime());
  if (count > most) {
    const message = `there are ${count.toLocaleString("en")} occurrences in this range; at most 1,000 can be backfilled at once`;
    throw invalid([{ path: "/to", message }]);
  }
  const times: number[] = [];
  // Where exclusions make a search long it stops, and goes on from where it was.
  for (let start = schedule.next(from.getTime() - 1); start !== undefined && start < to.getTime(); ) {
    times.push(...schedule.occurrences(start, to.getTime(), most));
    start = schedule.next(times.at(-1) ?? start);
  }
  return times;
}

/** What the jobs have in common; the params are checked and written out once. */
function templateOf(context: Context, actor: Actor, definition: JobDefinition): NewJob {
  const type = context.jobTypes.find(definition.jobType);
  if (!type) throw conflict(`The job type ${definition.jobType} of this definition is not installed on this node.`);
  const { params, options } = definition;
  return {
    ...newJob(context, actor, { type, definition, params, givenParams: "none", options, timing: {} }),
    audit: null,
  };
}

/** Locks a definition that was read before. @throws ApiError NOT_FOUND, CONFLICT where it has been saved since */
async function requireUnchanged(
  sql: Sql,
  actor: Actor,
  { id, version, jobDefinitionCode }: JobDefinition,
): Promise<void> {
  const now = await findLocked(sql, actor, jobDefinitionCode);
  if (now?.id !== id) throw notFound("job definition", jobDefinitionCode);
  if (now.version === version) return;
  throw conflict(
    `The job definition ${jobDefinitionCode} was saved while it was being backfilled. Send the request again: what has been made stays, the rest is made by the definition as it is now.`,
  );
}

async function makePiece(
  context: Context,
  actor: Actor,
  definition: JobDefinition,
  template: NewJob,
  times: readonly number[],
): Promise<string[]> {
  const { customerCode, email } = actor;
  const overlaps = definition.schedule !== null && resolveSchedule(definition.schedule).overlap === "allow";
  const made = await withJobDays(context.database, () =>
    inTransaction(context.database, async (sql) => {
      await requireUnchanged(sql, actor, definition);
      await lockSchedule(sql, definition.id);
      const before = await findBackfills(sql, definition.id, times);
      const missing = times.filter((time) => !before.has(time));
      if (missing.length === 0) return { jobIds: before, jobs: [], inserted: new Map(), blocked: [] };
      const jobs = missing.map((time) => ({
        ...template,
        id: context.clock.newId(),
        trigger: { kind: "backfill" as const, by: email, scheduledFor: new Date(time) },
      }));
      const inserted = new Map((await insertJobs(sql, jobs)).map((key) => [key.id, key]));
      const backfills = jobs.flatMap(({ id, trigger }) => {
        const job = inserted.get(id);
        return job ? [{ scheduledFor: trigger.scheduledFor.getTime(), job }] : [];
      });
      await insertBackfills(sql, { id: definition.id, customerCode }, backfills);
      if (!overlaps) {
        await holdJobs(
          sql,
          jobs.map(({ id }) => ({ id, until: null })),
        );
      }
      const [first, last] = [missing.at(0), missing.at(-1)].map((time) => new Date(time ?? 0).toISOString());
      const details = { jobs: jobs.length, first, last };
      await recordAudit(sql, context.clock, actor, "jobDefinition.backfill", definition.jobDefinitionCode, details);
      for (const { scheduledFor, job } of backfills) before.set(scheduledFor, formatJobId(job));
      return {
        jobIds: before,
        jobs,
        inserted,
        blocked: backfills.filter(({ job }) => inserted.get(job.id)?.state === "blocked"),
      };
    }),
  );
  for (const job of made.jobs) {
    context.metrics.jobsCreated(job.customerCode, job.jobType);
    const key = made.inserted.get(job.id);
    if (key) tellNewJob(context.changes, job, key);
  }
  if (made.jobs.length > 0) {
    if (overlaps) {
      context.events.emit("jobsReady");
      context.events.emit("jobsCreated");
      const { concurrencyKey } = template;
      if (made.blocked.length > 0)
        context.admitter.admit([{ customerCode, definitionId: definition.id, concurrencyKey }]);
    } else context.holds.look(definition.id);
  }
  return times.flatMap((time) => made.jobIds.get(time) ?? []);
}
