import { previewCron } from "../../domain/preview-cron.ts";
import { previewSchedule } from "../../domain/preview-schedule.ts";
import { rfc3339, type ScheduleDifference, type SchedulePreview } from "../../model/cron/preview.ts";
import {
  SchedulePreview as Preview,
  ScheduleComparison,
  SchedulePreviewQuery,
  SchedulePreviewRequest,
} from "../../schemas/schedule-preview.ts";
import { ok, problems, route } from "../route.ts";

/** For editors who are still writing an expression. */
export const previewCronRoute = route({
  method: "GET",
  url: "/schedules/_preview",
  role: "viewer",
  summary: "Preview a cron expression",
  description: "Five fields are Unix cron, six or seven are Quartz. Nothing is stored.",
  query: SchedulePreviewQuery,
  answers: { 200: Preview },
  async handle({ query, context }) {
    return ok(
      presentPreview(
        previewCron(context, {
          cron: query.cron,
          timeZone: query.timeZone,
          after: dateOf(query.after),
          count: query.count,
        }),
      ),
    );
  },
});

/** For editors about to save a schedule, also over an existing one. */
export const previewScheduleRoute = route({
  method: "POST",
  url: "/schedules/_preview",
  role: "viewer",
  summary: "Preview a schedule, and how it differs from a definition's",
  description:
    "Takes window and exclusions into account. With `jobDefinitionCode` it also answers which of the next 50 occurrences would go and which would come. Nothing is stored.",
  body: SchedulePreviewRequest,
  answers: { 200: ScheduleComparison, ...problems("NOT_FOUND") },
  async handle({ actor, body, context }) {
    const { preview, difference } = await previewSchedule(context, actor, {
      schedule: body.schedule,
      jobDefinitionCode: body.jobDefinitionCode,
      after: dateOf(body.after),
      count: body.count,
    });
    return ok({ ...presentPreview(preview), ...(difference && presentDifference(difference)) });
  },
});

function presentPreview({ next, ...preview }: SchedulePreview): object {
  const { cron, dialect, description, timeZone, notes } = preview;
  return { cron, dialect, description, timeZone, next: next.map(rfc3339), notes };
}

function presentDifference({ removed, added, comparedUntil }: ScheduleDifference): object {
  return {
    removed: removed.map(rfc3339),
    added: added.map(rfc3339),
    comparedUntil: comparedUntil === null ? null : rfc3339(comparedUntil),
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}
