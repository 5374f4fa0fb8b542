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

const minute = 60_000;
const hour = 60 * minute;
/** How far a page of the ledger reaches back: a week, or of a schedule that fires often less. */
const reaches = [7 * 24 * hour, 24 * hour, hour, 3 * minute];
/** The most that the API answers at once. */
const most = 200;

/**
 * What came of the last occurrences of a definition before a time (null: the present), in the order of time: of as long a while
 * as fits one page. `after` and `before` are its bounds, `isWhole` says whether nothing of it is left out.
 */
export function ledgerQuery(code: string, end: number | null, outcome: OccurrenceQuery["outcome"]) {
  return queryOptions({
    queryKey: ["occurrences", "definition", code, end, outcome],
    queryFn: async ({ signal }) => {
      const before = end ?? Date.now();
      for (const [index, reach] of reaches.entries()) {
        const after = before - reach;
        const page = await request<OccurrencePage>("GET", `/job-definitions/${part(code)}/occurrences`, {
          query: { after: new Date(after).toISOString(), before: new Date(before).toISOString(), outcome, limit: most },
          signal,
        });
        const { occurrences, nextCursor } = page;
        if (occurrences.length < most || index === reaches.length - 1) {
          return { occurrences, after, before, isWhole: nextCursor === null };
        }
      }
      throw new Error("a page of the ledger has no reach");
    },
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
