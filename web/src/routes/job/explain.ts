/** A job in one sentence: where it is and why, and for a failure what to do. */
import { jobErrors } from "../../../../src/model/job-errors.ts";
import type { Job } from "../../api/jobs.ts";
import { formatDuration, formatInstant } from "../../parts/time.tsx";

/** What is said first of a job. */
export interface Explanation {
  readonly sentence: string;
  /** What to do about it; absent where there is nothing to do. */
  readonly remedy?: string;
}

const holders: Readonly<Record<string, string>> = {
  slot: "for a free slot of a worker",
  customerLimit: "because the customer's limit of jobs at once is reached",
  definitionLimit: "because its definition's limit, or another job with the same concurrency key, is in the way",
  overlap: "for the run before it, because the schedule lets its runs not overlap",
  children: "for the jobs that it has started",
  timer: "for a time that it has set itself",
};

/** @param now in milliseconds */
export function explainJob(job: Job, now: number): Explanation {
  const { status, phase, error, attempt, maxAttempts, durationMs, queueMs } = job;
  if (status === "COMPLETED") {
    const tries = attempt > 1 ? ` in attempt ${attempt}` : "";
    const waited = queueMs === null ? "" : `, after ${formatDuration(queueMs)} in the queue`;
    return { sentence: `It ran for ${formatDuration(durationMs ?? 0)}${tries}${waited}.` };
  }
  if (status === "FAILED") return explainFailure(job);
  const ofAttempts = maxAttempts > 1 ? `, attempt ${attempt} of ${maxAttempts}` : "";
  switch (phase) {
    case "RUNNING":
      return { sentence: `It has been running since ${formatInstant(job.startedAt ?? job.createdAt)}${ofAttempts}.` };
    case "SCHEDULED":
      return { sentence: `It starts in ${until(job.runAt, now)}, at ${formatInstant(job.runAt)}.` };
    case "RETRYING":
      return {
        sentence: `Attempt ${attempt} of ${maxAttempts} failed${error ? `: ${error.message}` : ""}. The next one follows ${after(job.runAt, now)}.`,
      };
    case "WAITING":
      return { sentence: `It waits ${holders[job.waitingFor ?? ""] ?? ""} and holds no slot meanwhile.` };
    default:
      return { sentence: `It waits ${holders[job.waitingFor ?? "slot"] ?? ""}.` };
  }
}

function explainFailure({ error, attempt, maxAttempts }: Job): Explanation {
  if (!error) return { sentence: "It failed without saying why." };
  const entry = Object.entries(jobErrors).find(([code]) => code === error.code)?.[1];
  const tries = maxAttempts > 1 && attempt > 0 ? ` It was tried ${attempt} of ${maxAttempts} times.` : "";
  const message = /[.!?…]$/.test(error.message) ? error.message : `${error.message}.`;
  const sentence = `${entry?.title ?? error.code}: ${message}${tries}`;
  // What the job type says of this very failure is worth more than what holds for all of its kind.
  const own = "remedy" in error.details ? error.details.remedy : undefined;
  const remedy = typeof own === "string" ? own : entry?.remedy;
  return remedy === undefined ? { sentence } : { sentence, remedy };
}

function until(time: string, now: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(time) - now) / 1_000));
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1_000);
}

function after(time: string, now: number): string {
  return Date.parse(time) > now ? `in ${until(time, now)}` : "at once";
}
