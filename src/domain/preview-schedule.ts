import type { Actor } from "../model/actor.ts";
import { checkSchedule, checkScheduleParts } from "../model/cron/check-schedule.ts";
import { differenceOf, previewSchedule, type ScheduleDifference, type SchedulePreview } from "../model/cron/preview.ts";
import { invalid } from "../model/errors.ts";
import type { GivenSchedule } from "../model/schedule.ts";
import type { Context } from "./context.ts";
import { isSameSchedule } from "./definition-content.ts";
import { getJobDefinition } from "./read-job-definitions.ts";

/** From when, and how many next times; now and 10 where absent. */
export interface PreviewRange {
  readonly after: Date | undefined;
  readonly count: number | undefined;
}

/** An expression to look at, without the rest of a schedule. */
export interface PreviewCron extends PreviewRange {
  readonly cron: string;
  readonly timeZone: string | undefined;
}

/** A whole schedule to look at, with its window and exclusions. */
export interface PreviewSchedule extends PreviewRange {
  readonly schedule: GivenSchedule;
  /** Compares with this definition's schedule. */
  readonly jobDefinitionCode: string | undefined;
}

/** What a schedule comes to; `difference` is null where there was nothing to compare with. */
export interface PreviewedSchedule {
  readonly preview: SchedulePreview;
  readonly difference: ScheduleDifference | null;
}

const defaultCount = 10;

/** What an expression comes to; one whose years are over has no next times. @throws ApiError VALIDATION_FAILED */
export function previewCron(context: Context, { cron, timeZone, after, count }: PreviewCron): SchedulePreview {
  const errors = checkScheduleParts({ cron, timeZone });
  if (errors.length > 0) throw invalid(errors);
  return previewSchedule({ cron, timeZone }, startOf(context, after), count ?? defaultCount);
}

/**
 * What a whole schedule comes to, and which occurrences go and come if it takes the place of a definition's. What could not
 * be saved is refused: a schedule that never fires from now on is, unless the definition already has it.
 *
 * @throws ApiError VALIDATION_FAILED, NOT_FOUND
 */
export async function previewScheduleChange(
  context: Context,
  actor: Actor,
  { schedule, jobDefinitionCode, after, count }: PreviewSchedule,
): Promise<PreviewedSchedule> {
  const definition = jobDefinitionCode === undefined ? null : await getJobDefinition(context, actor, jobDefinitionCode);
  const stored = definition?.schedule ?? null;
  const errors = isSameSchedule(schedule, stored)
    ? checkScheduleParts(schedule)
    : checkSchedule(schedule, context.clock.now());
  if (errors.length > 0) throw invalid(errors.map((error) => ({ ...error, path: `/schedule${error.path}` })));

  const start = startOf(context, after);
  return {
    preview: previewSchedule(schedule, start, count ?? defaultCount),
    difference: definition ? differenceOf(stored, schedule, start) : null,
  };
}

function startOf(context: Context, after: Date | undefined): number {
  return Math.floor(after?.getTime() ?? context.clock.now());
}
