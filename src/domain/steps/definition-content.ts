import { type FieldError, invalid } from "../../model/api-errors.ts";
import { faultsOfTelling } from "../../model/check-telling.ts";
import { checkSchedule } from "../../model/cron/check-schedule.ts";
import type { JsonObject } from "../../model/job.ts";
import type { JobDefinition, JobDefinitionContent } from "../../model/job-definition.ts";
import { type GivenJobOptions, mergeJobOptions } from "../../model/job-options.ts";
import { type GivenSchedule, resolveSchedule } from "../../model/schedule.ts";
import type { Context } from "../context.ts";

/** A definition as it is sent; what is absent is kept by a PATCH and takes its default otherwise. */
export interface GivenDefinition {
  readonly jobDefinitionCode?: string | undefined;
  readonly jobType?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly schedule?: GivenScheduleChange | null | undefined;
  readonly params?: JsonObject | undefined;
  readonly options?: GivenJobOptions | null | undefined;
}

/** A change of a schedule may leave out the cron that it keeps. */
export type GivenScheduleChange = Omit<GivenSchedule, "cron"> & { readonly cron?: string | undefined };

/** A new definition must have a code and a type. */
export type NewDefinition = GivenDefinition & { readonly jobDefinitionCode: string; readonly jobType: string };

/**
 * Content from scratch.
 *
 * @param saved the schedule of the definition that it replaces
 * @throws ApiError VALIDATION_FAILED
 */
export function newContent(
  context: Context,
  given: NewDefinition,
  saved: GivenSchedule | null = null,
): JobDefinitionContent {
  return checked(context, saved, {
    jobDefinitionCode: given.jobDefinitionCode,
    jobType: given.jobType,
    name: given.name ?? given.jobDefinitionCode,
    description: given.description ?? "",
    schedule: given.schedule ? withCron(given.schedule) : null,
    params: given.params ?? {},
    options: mergeJobOptions({}, given.options ?? {}),
  });
}

/**
 * Content after a PATCH: absent fields stay, params are replaced as a whole, schedule and options merge one level deep.
 *
 * @throws ApiError VALIDATION_FAILED
 */
export function changedContent(context: Context, before: JobDefinition, change: GivenDefinition): JobDefinitionContent {
  const jobType = change.jobType ?? before.jobType;
  requireJobType(context, jobType);
  if (jobType !== before.jobType && !change.params) {
    throw invalid([
      { path: pointer("/params"), message: "is missing: a change of jobType needs the new type's params" },
    ]);
  }
  return checked(context, before.schedule, {
    jobDefinitionCode: before.jobDefinitionCode,
    jobType,
    name: change.name ?? before.name,
    description: change.description ?? before.description,
    schedule: changedSchedule(before.schedule, change.schedule),
    params: change.params ?? before.params,
    options: change.options === null ? {} : mergeJobOptions(before.options, change.options ?? {}),
  });
}

function changedSchedule(
  before: GivenSchedule | null,
  change: GivenScheduleChange | null | undefined,
): GivenSchedule | null {
  if (change === undefined) return before;
  if (change === null) return null;
  return withCron({ ...before, ...change });
}

function withCron(schedule: GivenScheduleChange): GivenSchedule {
  const { cron, ...rest } = schedule;
  if (cron === undefined) throw invalid([{ path: pointer("/schedule/cron"), message: "is missing" }]);
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined));
  return { ...said, cron };
}

/** @param saved the schedule that was checked when it was saved: that its window has passed since is no fault of this edit */
function checked(context: Context, saved: GivenSchedule | null, content: JobDefinitionContent): JobDefinitionContent {
  const type = requireJobType(context, content.jobType);
  const errors: FieldError[] = type
    .checkParams(content.params, "stored")
    .map((error) => ({ ...error, path: pointer(`/params${error.path}`) }));
  for (const error of faultsOfTelling(content.options)) {
    errors.push({ ...error, path: pointer(`/options${error.path}`) });
  }
  if (content.schedule && !isSameSchedule(content.schedule, saved)) {
    for (const error of checkSchedule(content.schedule, context.clock.now())) {
      errors.push({ ...error, path: pointer(`/schedule${error.path}`) });
    }
  }
  if (errors.length > 0) throw invalid(errors);
  return content;
}

function requireJobType(context: Context, code: string) {
  const type = context.jobTypes.find(code);
  if (type) return type;
  const known = context.jobTypes.list().map((one) => one.code);
  throw invalid([{ path: pointer("/jobType"), message: `there is no such job type; known are ${known.join(", ")}` }]);
}

/** Whether two schedules are one, also where one says the defaults that the other leaves out, as an answer that is sent back does. */
export function isSameSchedule(schedule: GivenSchedule, saved: GivenSchedule | null): boolean {
  return saved !== null && JSON.stringify(resolveSchedule(schedule)) === JSON.stringify(resolveSchedule(saved));
}

/** Definitions travel in an envelope. */
function pointer(path: string): string {
  return `/jobDefinition${path}`;
}
