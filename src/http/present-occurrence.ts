import type { ListedOccurrence } from "../model/occurrence.ts";

/** An occurrence, or a range of them, as the API answers it. */
export function presentOccurrence(one: ListedOccurrence): object {
  if (one.outcome === "expected") {
    return {
      scheduledFor: one.from,
      outcome: one.outcome,
      reason: null,
      jobId: null,
      lateMs: null,
      backfillJobId: null,
    };
  }
  const { from, to, count, outcome, reason, jobId, lateMs, backfillJobId } = one;
  if (one.kind === 0) return { from, to, count, outcome, reason };
  return { scheduledFor: from, outcome, reason, jobId, lateMs, backfillJobId };
}

/** The same in a list of several definitions. */
export function presentCustomerOccurrence(one: ListedOccurrence): object {
  return { jobDefinitionCode: one.jobDefinitionCode, ...presentOccurrence(one) };
}
