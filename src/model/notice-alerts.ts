/** What a definition's alerts notice: in the end of a job, and in an occurrence that did not come on time. */
import type { DefinitionWatch, Notice, ToldAlert } from "./definition-watch.ts";

/** The end of a job, as alerts see it. */
export interface NoticedEnd {
  readonly jobId: string;
  readonly status: "COMPLETED" | "FAILED";
  /** Of a failure. */
  readonly code: string | null;
  readonly message: string | null;
  readonly finishedAt: Date;
  /** Of the last run, in milliseconds; null where it never ran. */
  readonly ranMs: number | null;
}

/** An occurrence that was late, skipped or missed, or those without a job that share a row of the ledger. */
export interface NoticedOccurrence {
  readonly outcome: "late" | "skipped" | "missed";
  /** RFC 3339; of several, that of the last. */
  readonly scheduledFor: string;
  /** Of several, that of the first. */
  readonly from: string;
  readonly count: number;
  readonly reason: string | null;
  readonly lateMs: number | null;
  readonly jobId: string | null;
  readonly at: Date;
}

/** What the end of a job changes in a definition's watch, and what its rules notice in it. */
export function noticeEnd(watch: DefinitionWatch, end: NoticedEnd): { watch: DefinitionWatch; notices: Notice[] } {
  const long = end.ranMs === null ? [] : noticeRun(watch, end.jobId, end.ranMs, end.finishedAt);
  // That somebody stopped a job says nothing of whether it would have worked.
  if (end.code === "CANCELLED") return { watch, notices: long };
  const { lastSuccessAt } = watch;
  if (end.status === "FAILED") {
    // Nodes take ends side by side, so one may come behind a later success, which has ended the row that it belongs to.
    if (lastSuccessAt !== null && end.finishedAt < lastSuccessAt) return { watch, notices: long };
    const failuresInRow = watch.failuresInRow + 1;
    return { watch: { ...watch, failuresInRow }, notices: [...long, ...noticeFailures(watch, failuresInRow, end)] };
  }
  const told = new Map([...watch.told].map(([name, one]) => [name, name.startsWith("noSuccess ") ? over(one) : one]));
  const newest = lastSuccessAt !== null && lastSuccessAt > end.finishedAt ? lastSuccessAt : end.finishedAt;
  const recovered = { ...watch, failuresInRow: 0, silent: false, lastSuccessAt: newest, told };
  return { watch: recovered, notices: [...long, ...noticeRecovery(watch, end)] };
}

/** A silence that was held back is not told once it is over; it is counted with the next. */
function over(told: ToldAlert): ToldAlert {
  return { ...told, news: null };
}

function noticeFailures(watch: DefinitionWatch, failuresInRow: number, end: NoticedEnd): Notice[] {
  const rules = watch.alerts.filter(({ when, failures = 1 }) => when === "failures" && failuresInRow >= failures);
  const times = failuresInRow === 1 ? "The job failed" : `The last ${failuresInRow} jobs in a row failed`;
  const message = `${times}. ${failuresInRow === 1 ? "" : "The last one: "}${end.message ?? end.code ?? "no reason was given"}`;
  return rules.map((rule) => ({ rule, subject: end.jobId, message, at: end.finishedAt, jobId: end.jobId }));
}

function noticeRecovery(watch: DefinitionWatch, end: NoticedEnd): Notice[] {
  const { failuresInRow, silent } = watch;
  const rules = watch.alerts.filter(
    ({ when, failures = 1 }) => when === "recovered" && (silent || failuresInRow >= failures),
  );
  const after =
    failuresInRow === 0
      ? "a time without a success"
      : failuresInRow === 1
        ? "1 failure"
        : `${failuresInRow} failures in a row`;
  const message = `A job has succeeded again, after ${after}.`;
  return rules.map((rule) => ({ rule, subject: end.jobId, message, at: end.finishedAt, jobId: end.jobId }));
}

/** What a run of so many milliseconds, ended or under way, is to the rules. */
export function noticeRun(watch: DefinitionWatch, jobId: string, ranMs: number, at: Date): Notice[] {
  const rules = watch.alerts.filter(({ when, afterSeconds = 0 }) => when === "longRun" && ranMs > afterSeconds * 1000);
  return rules.map((rule) => {
    const message = `The job has run for longer than ${rule.afterSeconds} s.`;
    return { rule, subject: jobId, message, at, jobId };
  });
}

/** What an occurrence is to the rules. */
export function noticeOccurrence(watch: DefinitionWatch, occurrence: NoticedOccurrence): Notice[] {
  const { outcome, scheduledFor, from, count, reason, lateMs, jobId, at } = occurrence;
  const rules = watch.alerts.filter(
    ({ when, afterSeconds = 0 }) => when === outcome && (when !== "late" || (lateMs ?? 0) > afterSeconds * 1000),
  );
  const because = reason === null ? "" : `: ${reason}`;
  const message =
    outcome === "late"
      ? `The occurrence of ${scheduledFor} started ${Math.round((lateMs ?? 0) / 1000)} s late.`
      : count === 1
        ? `The occurrence of ${scheduledFor} was ${outcome}${because}.`
        : `${count.toLocaleString("en-US")} occurrences, from ${from} to ${scheduledFor}, were ${outcome}${because}.`;
  return rules.map((rule) => ({ rule, subject: `${outcome} ${scheduledFor}`, message, at, jobId }));
}

/** From when on no job has succeeded; its RFC 3339 is the subject of what is told of it. */
export function silentSince(watchedSince: Date, lastSuccessAt: Date | null): Date {
  return lastSuccessAt !== null && lastSuccessAt > watchedSince ? lastSuccessAt : watchedSince;
}

/** Whether the watch's dead man's switches have gone off: no success within their time. */
export function noticeSilence(watch: DefinitionWatch, now: Date): Notice[] {
  const since = silentSince(watch.watchedSince, watch.lastSuccessAt).getTime();
  const rules = watch.alerts.filter(
    ({ when, afterSeconds = 0 }) => when === "noSuccess" && now.getTime() - since > afterSeconds * 1000,
  );
  const from = new Date(since).toISOString();
  return rules.map((rule) => {
    const last = watch.lastSuccessAt === null ? "since it is watched" : `since ${from}`;
    const message = `No job of it has succeeded ${last}, which is longer ago than ${rule.afterSeconds} s.`;
    return { rule, subject: from, message, at: now, jobId: null };
  });
}
