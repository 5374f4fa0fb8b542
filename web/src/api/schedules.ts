/** `/schedules`: what a schedule means, before it is stored. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { ScheduleComparison } from "../../../src/schemas/schedule-preview.ts";
import type { GivenSchedule } from "./job-definitions.ts";
import { request } from "./request.ts";

/** A schedule in words, its next times, its notes, and where it was asked for what an edit changes. */
export type SchedulePreview = Static<typeof ScheduleComparison>;

/**
 * What a schedule means.
 *
 * @param code of the definition whose schedule it is to replace
 * @param after RFC 3339; now unless said
 */
export function schedulePreviewQuery(
  schedule: GivenSchedule,
  options: { code?: string; after?: string; count?: number } = {},
) {
  const { code, after, count = 10 } = options;
  return queryOptions({
    queryKey: ["schedules", "preview", schedule, code, after, count],
    queryFn: ({ signal }) =>
      request<SchedulePreview>("POST", "/schedules/_preview", {
        body: { schedule, jobDefinitionCode: code, after, count },
        signal,
      }),
    staleTime: 30_000,
  });
}
