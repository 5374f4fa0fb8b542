import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import { jitterMs } from "../model/cron/jitter.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { pauseDefinition } from "../store/job-definitions/pause-definition.ts";
import { advanceSchedules } from "../store/schedules/advance-schedules.ts";
import { announceScheduleChange } from "../store/schedules/announce-schedule-change.ts";
import { lockSchedule } from "../store/schedules/lock-schedule.ts";
import { readFiredDefinitions } from "../store/schedules/read-fired-definitions.ts";
import type { Sql } from "../store/sql.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { openKept } from "./steps/open-kept.ts";
import { putAsideDue } from "./steps/put-aside-due.ts";
import { recordAudit } from "./steps/record-audit.ts";
import { findChanged, findLocked, type IfMatch, requireMatch } from "./steps/save-job-definition.ts";
import { tellDefinition } from "./tell-changes.ts";

/**
 * Stops a schedule until it is resumed. What was due before and has not been made is put aside, and settled as if it had not been
 * paused. A definition that is paused already stays as it is, its first reason included.
 *
 * @throws ApiError NOT_FOUND, PRECONDITION_FAILED, UNAVAILABLE
 */
export async function pauseJobDefinition(
  context: Context,
  actor: Actor,
  code: string,
  reason: string | null,
  ifMatch: IfMatch,
): Promise<JobDefinition> {
  const { changed, definition } = await inTransaction(context.database, async (sql) => {
    const before = await findLocked(sql, actor, code);
    if (!before) throw notFound("job definition", code);
    requireMatch(before, ifMatch);
    if (before.paused) return { changed: false, definition: before };
    await pauseDefinition(sql, before.id, { reason, by: actor.email }, actor.email);
    await stop(context, sql, before);
    const details = { version: before.version + 1, ...(reason !== null && { reason }) };
    await recordAudit(sql, context.clock, actor, "jobDefinition.pause", code, details);
    return { changed: true, definition: await findChanged(sql, actor, code) };
  });
  if (changed) tellDefinition(context.changes, actor.customerCode, code, "changed");
  return definition;
}

async function stop(context: Context, sql: Sql, { id }: JobDefinition): Promise<void> {
  const locked = await lockSchedule(sql, id);
  const [stored] = await readFiredDefinitions(sql, [id]);
  if (!locked || !stored?.schedule) return;
  const opened = openKept(context, id, stored.schedule);
  let position = locked.position.getTime();
  if (opened) {
    // Nominal. What is not due yet will be skipped.
    const due = locked.now.getTime() - jitterMs(id, opened.rules.jitterSeconds);
    await putAsideDue(context, sql, locked, { ...opened, schedule: stored.schedule, savedBy: stored.savedBy }, due + 1);
    position = Math.max(position, due);
  }
  await advanceSchedules(sql, [{ definitionId: id, position, nextFireAt: null, open: null }]);
  await announceScheduleChange(sql);
}
