/** What saving a definition does to its schedule. */
import { jitterMs } from "../../model/cron/jitter.ts";
import { openSchedule } from "../../model/cron/schedule.ts";
import { type JoblessRange, joblessRanges } from "../../model/firing/account.ts";
import type { JobDefinition } from "../../model/job-definition.ts";
import type { GivenSchedule } from "../../model/schedule.ts";
import { readTime } from "../../store/nodes/read-time.ts";
import { announceScheduleChange } from "../../store/schedules/announce-schedule-change.ts";
import { lockSchedule } from "../../store/schedules/lock-schedule.ts";
import type { LockedSchedule } from "../../store/schedules/locked-schedule.ts";
import { putSchedule } from "../../store/schedules/put-schedule.ts";
import { readFiredDefinitions } from "../../store/schedules/read-fired-definitions.ts";
import type { Sql } from "../../store/sql.ts";
import type { Context } from "../context.ts";
import { accountForPause } from "./account-for-pause.ts";
import { isSameSchedule } from "./definition-content.ts";
import { openKept } from "./open-kept.ts";
import { putAsideDue } from "./put-aside-due.ts";
import { retainedFrom } from "./retained-from.ts";
import { writeRanges } from "./write-ranges.ts";

/** Begins the schedule of a definition that has just been inserted. */
export async function beginSchedule(
  sql: Sql,
  customerCode: string,
  definitionId: string,
  schedule: GivenSchedule,
): Promise<void> {
  const now = await readNow(sql);
  await putSchedule(sql, {
    definitionId,
    customerCode,
    position: now,
    nextFireAt: nextFireAt(definitionId, schedule, now),
  });
  await announceScheduleChange(sql);
}

/**
 * Puts another schedule, or none, in the place of a definition's, before the definition itself is written. What was due of the old one
 * is put aside, with the schedule as it was; the new one begins now. The caller holds the definition's lock; this takes the
 * schedule's, also where the schedule stays, so that no job is being made meanwhile.
 *
 * @returns what was skipped of the old one, to be counted after the commit
 */
export async function reschedule(
  context: Context,
  sql: Sql,
  customerCode: string,
  before: JobDefinition,
  schedule: GivenSchedule | null,
): Promise<readonly JoblessRange[]> {
  const locked = await lockSchedule(sql, before.id);
  if (schedule === null ? before.schedule === null : isSameSchedule(schedule, before.schedule)) return [];
  const now = locked?.now.getTime() ?? (await readNow(sql));
  const how = schedule === null ? "removed" : "replaced";
  const skipped = locked && before.schedule ? await leave(context, sql, locked, before.paused, how) : [];
  const position = Math.max(now, locked?.position.getTime() ?? 0);
  const next = schedule && !before.paused ? nextFireAt(before.id, schedule, position) : null;
  await putSchedule(sql, { definitionId: before.id, customerCode, position, nextFireAt: next });
  await announceScheduleChange(sql);
  return skipped;
}

async function readNow(sql: Sql): Promise<number> {
  const now = await readTime(sql);
  if (!now) throw new Error("the database did not tell its time");
  return now.getTime();
}

/** When a schedule fires first after a nominal time, jitter included; null: never. */
function nextFireAt(definitionId: string, schedule: GivenSchedule, after: number): number | null {
  const next = openSchedule(schedule).next(after);
  return next === undefined ? null : next + jitterMs(definitionId, schedule.jitterSeconds ?? 0);
}

/** Accounts for what was due of a schedule that is left behind. @returns what was skipped of it */
async function leave(
  context: Context,
  sql: Sql,
  locked: LockedSchedule,
  isPaused: boolean,
  how: "removed" | "replaced",
): Promise<readonly JoblessRange[]> {
  const [stored] = await readFiredDefinitions(sql, [locked.definitionId]);
  const opened = stored?.schedule && openKept(context, locked.definitionId, stored.schedule);
  if (!stored?.schedule || !opened) return [];
  if (isPaused) return accountForPause(context, sql, locked, opened);
  const now = locked.now.getTime();
  // Nominal. A new schedule lets those fire that only their jitter holds back; without one nothing is to fire any more.
  const to = how === "replaced" ? now + 1 : now - jitterMs(locked.definitionId, opened.rules.jitterSeconds) + 1;
  const from = Math.max(locked.position.getTime() + 1, retainedFrom(context, now), to);
  const why = { outcome: "skipped", reason: "the schedule was removed" } as const;
  const skipped = how === "removed" ? joblessRanges(opened.times, from, now + 1, why) : [];
  await writeRanges(sql, locked, skipped);
  await putAsideDue(context, sql, locked, { ...opened, schedule: stored.schedule, savedBy: stored.savedBy }, to);
  return skipped;
}
