/** What became of the moments at which a schedule should fire. */

/** What can come of an occurrence once its moment has passed. */
export const settledOutcomes = ["fired", "late", "skipped", "missed"] as const;

/** What came of an occurrence. */
export type SettledOutcome = (typeof settledOutcomes)[number];

/** What a reader may be told of an occurrence: those that are to come are `expected`. */
export const occurrenceOutcomes = [...settledOutcomes, "expected"] as const;

/** What a reader is told of an occurrence. */
export type OccurrenceOutcome = (typeof occurrenceOutcomes)[number];

/** One occurrence, or consecutive ones that share a row of the ledger. */
export interface SettledSpan {
  readonly definitionId: string;
  readonly jobDefinitionCode: string;
  /** 0: a range; 1: a single occurrence. */
  readonly kind: 0 | 1;
  readonly from: Date;
  /** The last of them; `from` where there is one. */
  readonly to: Date;
  readonly count: number;
  readonly outcome: SettledOutcome;
  /** Why there is no job, or why it was late. */
  readonly reason: string | null;
  readonly jobId: string | null;
  /** From the time at which it should have fired, jitter included; null without a job. */
  readonly lateMs: number | null;
  readonly backfillJobId: string | null;
}

/** An occurrence that is still to come. */
export interface ExpectedOccurrence {
  readonly definitionId: string;
  readonly jobDefinitionCode: string;
  readonly kind: 1;
  readonly from: Date;
  readonly outcome: "expected";
}

/** What a list of occurrences holds. */
export type ListedOccurrence = SettledSpan | ExpectedOccurrence;

/** Where one stands in a list; at one time and definition a range comes before what was backfilled of it. */
export interface OccurrenceKey {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly definitionId: string;
  readonly kind: 0 | 1;
}

/** Before every other. */
export const firstOccurrenceKey: OccurrenceKey = {
  at: 0,
  definitionId: "00000000-0000-0000-0000-000000000000",
  kind: 0,
};

/** Where an occurrence, or a range, stands. */
export function occurrenceKey(one: Pick<ListedOccurrence, "definitionId" | "from" | "kind">): OccurrenceKey {
  return { at: one.from.getTime(), definitionId: one.definitionId, kind: one.kind };
}

/** The order of lists: below 0 where `a` comes first. */
export function compareKeys(a: OccurrenceKey, b: OccurrenceKey): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.definitionId !== b.definitionId) return a.definitionId < b.definitionId ? -1 : 1;
  return a.kind - b.kind;
}
