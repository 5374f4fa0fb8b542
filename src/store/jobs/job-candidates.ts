import { formatJobId, type JobKey } from "../../model/job-id.ts";

/** Rows of history, or of the queue, that one page looks through at most. */
export const mostCandidates = 10_000;

/** What a page found: keys of jobs, newest first, and, where it has looked at all that it may, how far it came. */
export interface JobCandidates {
  readonly keys: readonly JobKey[];
  /** Id of the job that was looked at last; null where the page is full, or nothing is left. */
  readonly reached: string | null;
}

/** What the statements of pages answer: jobs that match, and the last one of all that may be looked at, matching or not. */
export interface CandidateRow {
  day: string;
  id: string;
  matches: boolean;
  place: number;
}

/** Reads what a page found. */
export function toCandidates(rows: readonly CandidateRow[]): JobCandidates {
  const last = rows.at(-1);
  return {
    keys: rows.filter((row) => row.matches).map(({ day, id }) => ({ day, id })),
    reached: last && Number(last.place) >= mostCandidates ? formatJobId(last) : null,
  };
}
