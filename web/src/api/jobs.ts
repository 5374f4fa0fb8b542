/** `/jobs` */
import { queryOptions } from "@tanstack/react-query";
import type { Static } from "typebox";
import type {
  AttemptList,
  JobCreated,
  JobList as JobListSchema,
  JobQuery as JobQuerySchema,
  Job as JobSchema,
  LogList as LogListSchema,
} from "../../../src/schemas/jobs.ts";
import { part, request } from "./request.ts";

/** A job with params and result. */
export type Job = Static<typeof JobSchema>;
/** A page of jobs. */
export type JobPage = Static<typeof JobListSchema>;
/** A job of a list. */
export type JobSummary = JobPage["jobs"][number];
/** Filters of a list. */
export type JobQuery = Static<typeof JobQuerySchema>;
/** One run of a job. */
export type Attempt = Static<typeof AttemptList>["attempts"][number];
/** A page of a log. */
export type LogPage = Static<typeof LogListSchema>;
/** One line of a log. */
export type LogLine = LogPage["logs"][number];

/** A page of jobs, newest first. */
export function jobsQuery(query: JobQuery) {
  return queryOptions({
    queryKey: ["jobs", "list", query],
    queryFn: ({ signal }) => request<JobPage>("GET", "/jobs", { query, signal }),
  });
}

/** One job. */
export function jobQuery(jobId: string) {
  return queryOptions({
    queryKey: ["jobs", jobId],
    queryFn: ({ signal }) => request<Job>("GET", `/jobs/${part(jobId)}`, { signal }),
  });
}

/** The runs of a job. */
export function attemptsQuery(jobId: string) {
  return queryOptions({
    queryKey: ["jobs", jobId, "attempts"],
    queryFn: async ({ signal }) =>
      (await request<Static<typeof AttemptList>>("GET", `/jobs/${part(jobId)}/attempts`, { signal })).attempts,
  });
}

/** Lines of a job's log from behind `after`. */
export function readLog(jobId: string, after: number, signal: AbortSignal): Promise<LogPage> {
  return request("GET", `/jobs/${part(jobId)}/logs`, { query: { after, limit: 200 }, signal });
}

/** Asks a job to stop. */
export function cancelJob(jobId: string): Promise<Job> {
  return request("POST", `/jobs/${part(jobId)}/_cancel`, { body: {} });
}

/** Makes a new job of one that has ended; `params` lie over its own. */
export function rerunJob(jobId: string, params?: Record<string, unknown>): Promise<Static<typeof JobCreated>> {
  return request("POST", `/jobs/${part(jobId)}/_rerun`, { body: params ? { params } : {} });
}
