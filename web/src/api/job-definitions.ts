/** `/job-definitions` */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  JobDefinitionAnswer,
  JobDefinitionChange,
  JobDefinitionList,
  NewJobDefinition,
} from "../../../src/schemas/job-definitions.ts";
import type { JobCreated } from "../../../src/schemas/jobs.ts";
import type { BackfillAnswer } from "../../../src/schemas/schedule-control.ts";
import { part, request } from "./request.ts";

/** A definition with every default filled in. */
export type JobDefinition = Static<typeof JobDefinitionAnswer>["jobDefinition"];
/** A definition as it is sent. */
export type GivenDefinition = Static<typeof NewJobDefinition>["jobDefinition"];
/** A schedule as it is sent. */
export type GivenSchedule = NonNullable<GivenDefinition["schedule"]>;
/** Options as they are sent. */
export type GivenOptions = NonNullable<GivenDefinition["options"]>;
type Change = Static<typeof JobDefinitionChange>["jobDefinition"];
type Answer = Static<typeof JobDefinitionAnswer>;

/** The customer's definitions, up to 1,000. */
export const jobDefinitionsQuery = queryOptions({
  queryKey: ["job-definitions", "list"],
  queryFn: async ({ signal }) =>
    (await request<Static<typeof JobDefinitionList>>("GET", "/job-definitions", { signal })).jobDefinitions,
});

/** One definition. */
export function jobDefinitionQuery(code: string) {
  return queryOptions({
    queryKey: ["job-definitions", "one", code],
    queryFn: async ({ signal }) => (await request<Answer>("GET", pathOf(code), { signal })).jobDefinition,
  });
}

/** Makes a definition. */
export async function createJobDefinition(jobDefinition: GivenDefinition): Promise<JobDefinition> {
  return (await request<Answer>("POST", "/job-definitions", { body: { jobDefinition } })).jobDefinition;
}

/**
 * Changes what is named of a definition.
 *
 * @param version the one that the person has seen: a definition that another has changed since is not written over
 */
export async function changeJobDefinition(code: string, version: number, change: Change): Promise<JobDefinition> {
  const call = { body: { jobDefinition: change }, headers: { "if-match": `"${version}"` } };
  return (await request<Answer>("PATCH", pathOf(code), call)).jobDefinition;
}

/** Replaces a definition whole, unless another has changed it since `version`. */
export async function replaceJobDefinition(
  code: string,
  version: number,
  jobDefinition: GivenDefinition,
): Promise<JobDefinition> {
  const call = { body: { jobDefinition }, headers: { "if-match": `"${version}"` } };
  return (await request<Answer>("PUT", pathOf(code), call)).jobDefinition;
}

/** Deletes a definition; its jobs stay. */
export async function deleteJobDefinition(code: string): Promise<void> {
  await request("DELETE", pathOf(code));
}

/** Makes a job of it; `params` lie over the definition's own. */
export function executeJobDefinition(
  code: string,
  params?: Record<string, unknown>,
): Promise<Static<typeof JobCreated>> {
  return request("POST", `${pathOf(code)}/_execute`, { body: params ? { params } : {} });
}

/** Stops its schedule. */
export async function pauseJobDefinition(code: string, reason: string | null): Promise<JobDefinition> {
  return (await request<Answer>("POST", `${pathOf(code)}/_pause`, { body: { reason } })).jobDefinition;
}

/** Lets its schedule go on. */
export async function resumeJobDefinition(code: string): Promise<JobDefinition> {
  return (await request<Answer>("POST", `${pathOf(code)}/_resume`, { body: {} })).jobDefinition;
}

/** Makes the jobs of a past range of its schedule. @returns their ids */
export async function backfillJobDefinition(code: string, range: { from: string; to: string }): Promise<string[]> {
  return (await request<Static<typeof BackfillAnswer>>("POST", `${pathOf(code)}/_backfill`, { body: range })).jobIds;
}

/** Has what is shown of definitions read again after one has changed: also what becomes of their occurrences, and who did what. */
export async function readDefinitionsAgain(queries: QueryClient): Promise<void> {
  for (const key of ["occurrences", "audit-events"]) void queries.invalidateQueries({ queryKey: [key] });
  await queries.invalidateQueries({ queryKey: ["job-definitions"] });
}

function pathOf(code: string): string {
  return `/job-definitions/${part(code)}`;
}
