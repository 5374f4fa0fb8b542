/** The timeline's cells: what came of a schedule's occurrences in a short time, the worst of it in front. */
import type { CustomerOccurrence } from "../../api/customer-occurrences.ts";
import type { Outcome } from "../../parts/outcome.tsx";

/** A short time of one schedule in which something was, or will be. */
export interface Cell {
  readonly index: number;
  /** The worst, by which it is drawn. */
  readonly outcome: Outcome;
  readonly entries: readonly Entry[];
  /** Occurrences, those of ranges included. */
  readonly count: number;
}

/** An occurrence as a cell tells it. */
export interface Entry {
  readonly outcome: Outcome;
  readonly from: number;
  readonly to: number;
  readonly count: number;
  readonly reason: string | null;
  readonly jobId: string | null;
}

/** A schedule with what came of it. */
export interface Row {
  readonly code: string;
  readonly cells: readonly Cell[];
}

/** From the worst to what is no trouble at all. */
const severity: readonly Outcome[] = ["missed", "failed", "late", "skipped", "fired", "expected"];

/**
 * Puts occurrences into cells, `count` of which lie between two times. Schedules with the worst come first.
 *
 * @param failed ids of jobs that are known to have failed
 */
export function arrange(
  occurrences: readonly CustomerOccurrence[],
  failed: ReadonlySet<string>,
  from: number,
  to: number,
  count: number,
): readonly Row[] {
  const rows = new Map<string, Map<number, Entry[]>>();
  const width = (to - from) / count;
  for (const one of occurrences) {
    const entry = toEntry(one, failed);
    const cells = rows.get(one.jobDefinitionCode) ?? new Map<number, Entry[]>();
    rows.set(one.jobDefinitionCode, cells);
    const first = Math.max(0, Math.floor((entry.from - from) / width));
    const last = Math.min(count - 1, Math.floor((entry.to - from) / width));
    for (let index = first; index <= last; index += 1) cells.set(index, [...(cells.get(index) ?? []), entry]);
  }
  return [...rows]
    .map(([code, cells]) => ({
      code,
      cells: [...cells].map(([index, entries]) => toCell(index, entries)).sort(byTime),
    }))
    .sort((a, b) => worstOf(a) - worstOf(b) || a.code.localeCompare(b.code));
}

function toEntry(one: CustomerOccurrence, failed: ReadonlySet<string>): Entry {
  if ("from" in one) {
    const { outcome, reason, count } = one;
    return { outcome, from: Date.parse(one.from), to: Date.parse(one.to), count, reason, jobId: null };
  }
  const at = Date.parse(one.scheduledFor);
  const jobId = one.jobId ?? one.backfillJobId;
  const outcome = jobId !== null && failed.has(jobId) ? "failed" : one.outcome;
  return { outcome, from: at, to: at, count: 1, reason: one.reason, jobId };
}

function toCell(index: number, entries: readonly Entry[]): Cell {
  const outcome = severity.find((one) => entries.some((entry) => entry.outcome === one)) ?? "expected";
  return { index, outcome, entries, count: entries.reduce((sum, { count }) => sum + count, 0) };
}

function byTime(a: Cell, b: Cell): number {
  return a.index - b.index;
}

function worstOf({ cells }: Row): number {
  return Math.min(...cells.map(({ outcome }) => severity.indexOf(outcome)));
}
