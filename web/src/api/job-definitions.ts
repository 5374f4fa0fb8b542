/** `/job-definitions` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { JobDefinitionList } from "../../../src/schemas/job-definitions.ts";
import { request } from "./request.ts";

/** The customer's definitions, up to 1,000. */
export const jobDefinitionsQuery = queryOptions({
  queryKey: ["job-definitions", "list"],
  queryFn: async ({ signal }) =>
    (await request<Static<typeof JobDefinitionList>>("GET", "/job-definitions", { signal })).jobDefinitions,
});
