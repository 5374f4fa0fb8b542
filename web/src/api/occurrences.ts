/** `/occurrences`, and those of one definition. */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  CustomerOccurrenceList,
  OccurrenceList,
  OccurrenceQuery as OccurrenceQuerySchema,
} from "../../../src/schemas/occurrences.ts";
import { part, request } from "./request.ts";

/** A page of one definition's occurrences. */
export type OccurrencePage = Static<typeof OccurrenceList>;
/** An occurrence of one definition, or a range of them without a job. */
export type Occurrence = OccurrencePage["occurrences"][number];
/** A page of all schedules' occurrences. */
export type CustomerOccurrencePage = Static<typeof CustomerOccurrenceList>;
/** An occurrence of any schedule. */
export type CustomerOccurrence = CustomerOccurrencePage["occurrences"][number];
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

/** How many pages of 200 a window is read in at most. */
const mostPages = 25;

/** All occurrences of a window, up to 5,000; `isWhole` says whether that is all of it. */
export function occurrencesBetweenQuery(after: string, before: string) {
  return queryOptions({
    queryKey: ["occurrences", "between", after, before],
    queryFn: async ({ signal }) => {
      const occurrences: CustomerOccurrence[] = [];
      let cursor: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const query = { after, before, limit: 200, cursor };
        const answer = await request<CustomerOccurrencePage>("GET", "/occurrences", { query, signal });
        occurrences.push(...answer.occurrences);
        if (answer.nextCursor === null) return { occurrences, isWhole: answer.expectedUntil === null };
        cursor = answer.nextCursor;
      }
      return { occurrences, isWhole: false };
    },
    staleTime: 30_000,
  });
}
