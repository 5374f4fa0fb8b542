/** `/job-definitions/{code}/versions` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { DefinitionVersionAnswer, DefinitionVersionList } from "../../../src/schemas/definition-versions.ts";
import { part, request } from "./request.ts";

/** One save of a definition. */
export type DefinitionSave = Static<typeof DefinitionVersionList>["versions"][number];
/** What a definition said in a version, as it was given. */
export type DefinitionVersion = Static<typeof DefinitionVersionAnswer>["version"];

/** A definition's saves, newest first: all that are kept. */
export function definitionVersionsQuery(code: string) {
  return queryOptions({
    queryKey: ["job-definitions", "versions", code],
    queryFn: async ({ signal }) => {
      const call = { query: { limit: 200 }, signal };
      return (await request<Static<typeof DefinitionVersionList>>("GET", pathOf(code), call)).versions;
    },
  });
}

/** What it said in one version. */
export function definitionVersionQuery(code: string, version: number) {
  return queryOptions({
    queryKey: ["job-definitions", "versions", code, version],
    queryFn: async ({ signal }) =>
      (await request<Static<typeof DefinitionVersionAnswer>>("GET", `${pathOf(code)}/${version}`, { signal })).version,
  });
}

function pathOf(code: string): string {
  return `/job-definitions/${part(code)}/versions`;
}
