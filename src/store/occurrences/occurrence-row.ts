import { formatJobId } from "../../model/job-id.ts";
import { type OccurrenceKey, occurrenceKey, type SettledOutcome, type SettledSpan } from "../../model/occurrence.ts";

/** A row of the ledger, or the time of a backfill, as it is read for a list. */
export interface OccurrenceRow {
  readonly definition_id: string;
  readonly code: string;
  readonly scheduled_for: Date;
  readonly until: Date;
  /** Occurrences of the row that were not backfilled; more than one only in a range. */
  readonly left: number;
  readonly is_range: boolean;
  readonly outcome: SettledOutcome;
  readonly reason: string | null;
  readonly job_day: string | null;
  readonly job_id: string | null;
  readonly late_ms: number | null;
  readonly backfill_day: string | null;
  readonly backfill_id: string | null;
  /** Whether the outcome is the wanted one: the last row that was looked at comes in any case. */
  readonly wanted: boolean;
  /** From 1, among all that were looked at. */
  readonly place: number;
}

/** What was read of the ledger in one go. */
export interface SpanRead {
  /** Those of the wanted outcome, in order. */
  readonly spans: readonly SettledSpan[];
  /** Where the look stopped before the window's end; null where it saw all of it. */
  readonly stoppedAt: OccurrenceKey | null;
}

/** Which part of the ledger is wanted. */
export interface SpanWindow {
  /** Milliseconds since 1970, both exclusive; a range is told whole where it reaches into the window. */
  readonly after: number;
  readonly before: number;
  readonly outcome: SettledOutcome | null;
  /** What was told before; null at the beginning. */
  readonly behind: OccurrenceKey | null;
  /** Rows that are looked at, at most. */
  readonly most: number;
}

/** Reads spans from rows that came in order. */
export function toSpans(rows: readonly OccurrenceRow[], most: number): SpanRead {
  const last = rows.at(-1);
  return {
    // A range of which all has been backfilled is told by its single occurrences.
    spans: rows.filter((row) => row.wanted && row.left > 0).map(toSpan),
    stoppedAt: last && last.place >= most ? occurrenceKey(toSpan(last)) : null,
  };
}

function toSpan(row: OccurrenceRow): SettledSpan {
  return {
    definitionId: row.definition_id,
    jobDefinitionCode: row.code,
    kind: row.is_range ? 0 : 1,
    from: row.scheduled_for,
    to: row.until,
    count: row.left,
    outcome: row.outcome,
    reason: row.reason,
    jobId: row.job_day !== null && row.job_id !== null ? formatJobId({ day: row.job_day, id: row.job_id }) : null,
    lateMs: row.late_ms,
    backfillJobId:
      row.backfill_day !== null && row.backfill_id !== null
        ? formatJobId({ day: row.backfill_day, id: row.backfill_id })
        : null,
  };
}
