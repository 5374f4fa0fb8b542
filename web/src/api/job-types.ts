/** `/job-types` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { JobTypeList } from "../../../src/schemas/job-types.ts";
import type { JobCreated } from "../../../src/schemas/jobs.ts";
import type { GivenOptions } from "./job-definitions.ts";
import { part, request } from "./request.ts";

/** All job types of the node; they change with its restart alone. */
export const jobTypesQuery = queryOptions({
  queryKey: ["job-types"],
  queryFn: async ({ signal }) => (await request<Static<typeof JobTypeList>>("GET", "/job-types", { signal })).jobTypes,
  staleTime: 5 * 60_000,
});

/** A job type as the node tells it. */
export type JobType = Static<typeof JobTypeList>["jobTypes"][number];

/** Makes a job of a type, without a definition. */
export function executeJobType(
  code: string,
  body: { params: Record<string, unknown>; options?: GivenOptions },
): Promise<Static<typeof JobCreated>> {
  return request("POST", `/job-types/${part(code)}/_execute`, { body });
}
