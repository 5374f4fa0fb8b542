/** `/occurrences`, and those of one definition. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type { OccurrenceList, OccurrenceQuery as OccurrenceQuerySchema } from "../../../src/schemas/occurrences.ts";
import { part, request } from "./request.ts";

/** A page of one definition's occurrences. */
export type OccurrencePage = Static<typeof OccurrenceList>;
/** An occurrence of one definition, or a range of them without a job. */
export type Occurrence = OccurrencePage["occurrences"][number];
/** Which of them. */
export type OccurrenceQuery = Static<typeof OccurrenceQuerySchema>;

/** What came of a definition's occurrences, in the order of time. */
export function definitionOccurrencesQuery(code: string, query: OccurrenceQuery) {
  return queryOptions({
    queryKey: ["occurrences", "definition", code, query],
    queryFn: ({ signal }) =>
      request<OccurrencePage>("GET", `/job-definitions/${part(code)}/occurrences`, { query, signal }),
  });
}
