import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import { jitterMs } from "../model/cron/jitter.ts";
import type { JoblessRange } from "../model/firing/account.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { pauseDefinition } from "../store/job-definitions/pause-definition.ts";
import { advanceSchedules } from "../store/schedules/advance-schedules.ts";
import { announceScheduleChange } from "../store/schedules/announce-schedule-change.ts";
import { lockSchedule } from "../store/schedules/lock-schedule.ts";
import { readFiredDefinitions } from "../store/schedules/read-fired-definitions.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { accountForPause } from "./steps/account-for-pause.ts";
import { countSkipped } from "./steps/count-skipped.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { openKept } from "./steps/open-kept.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { findChanged, findLocked, type IfMatch, requireMatch } from "./steps/save-job-definition.ts";
import { tellDefinition } from "./tell-changes.ts";

/**
 * Lets a paused schedule fire again from now on. What the pause has skipped is written into the ledger, and nothing of it is
 * made up for. A definition that is not paused stays as it is.
 *
 * @throws ApiError NOT_FOUND, PRECONDITION_FAILED, UNAVAILABLE
 */
export async function resumeJobDefinition(
  context: Context,
  actor: Actor,
  code: string,
  ifMatch: IfMatch,
): Promise<JobDefinition> {
  const { changed, skipped, definition } = await inTransaction(context.database, async (sql) => {
    const before = await findLocked(sql, actor, code);
    if (!before) throw notFound("job definition", code);
    requireMatch(before, ifMatch);
    if (!before.paused) return { changed: false, skipped: [], definition: before };
    await pauseDefinition(sql, before.id, null, actor.email);
    const skipped = await goOn(context, sql, before);
    const details = { version: before.version + 1 };
    await recordAudit(sql, context.clock, actor, "jobDefinition.resume", code, details);
    return { changed: true, skipped, definition: await findChanged(sql, actor, code) };
  });
  countSkipped(context, actor.customerCode, skipped);
  if (changed) tellDefinition(context.changes, actor.customerCode, code, "changed");
  return definition;
}

/** @returns what the pause has skipped */
async function goOn(context: Context, sql: Sql, { id }: JobDefinition): Promise<readonly JoblessRange[]> {
  const locked = await lockSchedule(sql, id);
  const [stored] = await readFiredDefinitions(sql, [id]);
  if (!locked || !stored?.schedule) return [];
  const position = Math.max(locked.now.getTime(), locked.position.getTime());
  const opened = openKept(context, id, stored.schedule);
  if (!opened) {
    // The scheduler tries what cannot be read again and again, and says so: on another node it may be readable.
    await advanceSchedules(sql, [{ definitionId: id, position, nextFireAt: position, open: null }]);
    return [];
  }
  const skipped = await accountForPause(context, sql, locked, opened);
  const last = skipped.at(-1);
  // What comes next may share the last of them.
  const open = last ? { from: new Date(last.from), outcome: last.outcome, reason: last.reason } : null;
  const next = opened.times.next(position);
  const nextFireAt = next === undefined ? null : next + jitterMs(id, opened.rules.jitterSeconds);
  await advanceSchedules(sql, [{ definitionId: id, position, nextFireAt, open }]);
  await announceScheduleChange(sql);
  return skipped;
}
