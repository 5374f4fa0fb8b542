/** `/job-types` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { JobTypeList } from "../../../src/schemas/job-types.ts";
import { request } from "./request.ts";

/** All job types of the node; they change with its restart alone. */
export const jobTypesQuery = queryOptions({
  queryKey: ["job-types"],
  queryFn: async ({ signal }) => (await request<Static<typeof JobTypeList>>("GET", "/job-types", { signal })).jobTypes,
  staleTime: 5 * 60_000,
});
