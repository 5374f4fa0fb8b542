/** A job's life as bars: waiting, each run, and the parts of the last webservice call. */
import type { Attempt, Job } from "../../api/jobs.ts";
import type { Outcome } from "../../parts/outcome.tsx";

/** One bar of the timeline. */
export interface Segment {
  readonly key: string;
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly end: number;
  readonly kind: Outcome | "part";
  /** What went wrong in it. */
  readonly note?: string;
  /** Part of the bar above. */
  readonly isPart?: true;
}

/** Waits shorter than this, in milliseconds, tell nobody anything. */
const shortest = 1;

/** @param now in milliseconds, for what is not over */
export function segmentsOf(job: Job, attempts: readonly Attempt[], now: number): Segment[] {
  const created = Date.parse(job.createdAt);
  const due = Math.max(created, Date.parse(job.runAt));
  const first = attempts[0] ? Date.parse(attempts[0].startedAt) : undefined;
  const over = job.finishedAt === null ? now : Date.parse(job.finishedAt);
  // A retry moves runAt ahead: once the job has run, what it waited for at first is over.
  const ready = first === undefined ? Math.min(due, over) : Math.max(created, first - (job.queueMs ?? first - created));
  const segments: Segment[] = [];
  if (ready - created > shortest) {
    segments.push({ key: "scheduled", label: "Until its time", start: created, end: ready, kind: "scheduled" });
  }
  const queueEnd = first ?? over;
  if (queueEnd - ready >= shortest || first === undefined) {
    segments.push({
      key: "queue",
      label: "In the queue",
      start: ready,
      end: Math.max(ready, queueEnd),
      kind: "queued",
    });
  }
  for (const attempt of attempts) segments.push(...runSegments(job, attempt, attempt === attempts.at(-1), now));
  return segments;
}

function runSegments(job: Job, attempt: Attempt, isLast: boolean, now: number): Segment[] {
  const start = Date.parse(attempt.startedAt);
  const end = attempt.finishedAt === null ? Math.max(start, now) : Date.parse(attempt.finishedAt);
  const { label, kind } = namesOf(attempt);
  const note = attempt.error?.message;
  const run: Segment = { key: `run-${attempt.run}`, label, start, end, kind, ...(note !== undefined && { note }) };
  return isLast ? [run, ...partsOf(job, start, end)] : [run];
}

function namesOf({ attempt, outcome, error }: Attempt): { label: string; kind: Outcome } {
  const label = `Attempt ${attempt}`;
  switch (outcome) {
    case "COMPLETED":
      return { label, kind: "completed" };
    case "RUNNING":
      return { label, kind: "running" };
    case "SUSPENDED":
      return { label: `${label}, until it waited`, kind: "waiting" };
    case "LOST":
      return { label: `${label}, its node died`, kind: "missed" };
    case "HANDED_BACK":
      return { label: `${label}, handed back`, kind: "skipped" };
    default:
      return { label, kind: error?.code === "CANCELLED" ? "cancelled" : "failed" };
  }
}

const partNames = { dnsMs: "DNS", connectMs: "Connect", tlsMs: "TLS", firstByteMs: "First byte" } as const;

/** The parts of a webservice call, one after another to its end: the run began a little earlier. */
function partsOf(job: Job, start: number, end: number): Segment[] {
  const timings = timingsOf(job.result) ?? timingsOf(Reflect.get(job.error?.details ?? {}, "response"));
  if (!timings) return [];
  const total = timings.totalMs ?? end - start;
  let at = Math.max(start, end - total);
  const segments: Segment[] = [];
  for (const [name, label] of Object.entries(partNames)) {
    const ms = timings[name] ?? 0;
    if (ms > 0) segments.push({ key: name, label, start: at, end: at + ms, kind: "part", isPart: true });
    at += ms;
  }
  const body = Math.max(start, end - total) + total - at;
  if (body > 0) segments.push({ key: "body", label: "Body", start: at, end: at + body, kind: "part", isPart: true });
  return segments;
}

function timingsOf(value: unknown): Readonly<Record<string, number>> | undefined {
  if (typeof value !== "object" || value === null || !("timings" in value)) return undefined;
  const { timings } = value;
  if (typeof timings !== "object" || timings === null) return undefined;
  const numbers = Object.entries(timings).filter(([, ms]) => typeof ms === "number" && Number.isFinite(ms) && ms >= 0);
  return "firstByteMs" in timings ? Object.fromEntries(numbers) : undefined;
}
