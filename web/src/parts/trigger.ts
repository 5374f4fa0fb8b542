import type { JobSummary } from "../api/jobs.ts";

/** What made a job, in a word or two. */
export const triggerNames: Readonly<Record<JobSummary["trigger"]["kind"], string>> = {
  api: "API call",
  schedule: "Schedule",
  catchUp: "Catch-up",
  backfill: "Backfill",
  rerun: "Rerun",
  sequence: "Parent job",
};
