import type { Actor } from "../model/actor.ts";
import { invalid } from "../model/api-errors.ts";
import { checkSchedule, checkScheduleParts } from "../model/cron/check-schedule.ts";
import {
  differenceOf,
  previewSchedule as preview,
  type ScheduleDifference,
  type SchedulePreview,
} from "../model/cron/preview.ts";
import type { GivenSchedule } from "../model/schedule.ts";
import type { Context } from "./context.ts";
import { getJobDefinition } from "./get-job-definition.ts";
import { isSameSchedule } from "./steps/definition-content.ts";
import { type PreviewRange, resolveRange } from "./steps/preview-range.ts";

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

/**
 * What a whole schedule comes to, and which occurrences go and come if it takes the place of a definition's. What could not
 * be saved is refused: a schedule that never fires from now on is, unless the definition already has it.
 *
 * @throws ApiError VALIDATION_FAILED, NOT_FOUND
 */
export async function previewSchedule(
  context: Context,
  actor: Actor,
  { schedule, jobDefinitionCode, ...range }: PreviewSchedule,
): Promise<PreviewedSchedule> {
  const definition = jobDefinitionCode === undefined ? null : await getJobDefinition(context, actor, jobDefinitionCode);
  const stored = definition?.schedule ?? null;
  const errors = isSameSchedule(schedule, stored)
    ? checkScheduleParts(schedule)
    : checkSchedule(schedule, context.clock.now());
  if (errors.length > 0) throw invalid(errors.map((error) => ({ ...error, path: `/schedule${error.path}` })));

  const { after, count } = resolveRange(context, range);
  return {
    preview: preview(schedule, after, count),
    difference: definition ? differenceOf(stored, schedule, after) : null,
  };
}
