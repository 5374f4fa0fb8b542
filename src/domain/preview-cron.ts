import { invalid } from "../model/api-errors.ts";
import { checkScheduleParts } from "../model/cron/check-schedule.ts";
import { previewSchedule, type SchedulePreview } from "../model/cron/preview.ts";
import type { Context } from "./context.ts";
import { type PreviewRange, resolveRange } from "./steps/preview-range.ts";

/** An expression to look at, without the rest of a schedule. */
export interface PreviewCron extends PreviewRange {
  readonly cron: string;
  readonly timeZone: string | undefined;
}

/** What an expression comes to; one whose years are over has no next times. @throws ApiError VALIDATION_FAILED */
export function previewCron(context: Context, { cron, timeZone, ...range }: PreviewCron): SchedulePreview {
  const errors = checkScheduleParts({ cron, timeZone });
  if (errors.length > 0) throw invalid(errors);
  const { after, count } = resolveRange(context, range);
  return previewSchedule({ cron, timeZone }, after, count);
}
