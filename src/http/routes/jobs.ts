import { awaitJob } from "../../domain/await-job.ts";
import { cancelJob } from "../../domain/cancel-job.ts";
import { listAttempts } from "../../domain/list-attempts.ts";
import { listJobLogs } from "../../domain/list-job-logs.ts";
import { listJobs } from "../../domain/list-jobs.ts";
import { rerunJob } from "../../domain/rerun-job.ts";
import { invalidOutsideBody } from "../../model/api-errors.ts";
import { type JobKey, jobIdPattern, parseJobId } from "../../model/job-id.ts";
import {
  AttemptList,
  Job,
  JobCreated,
  JobList,
  JobPath,
  JobQuery,
  JobWait,
  LogList,
  LogQuery,
  RerunJob,
} from "../../schemas/jobs.ts";
import { closed } from "../../schemas/primitives.ts";
import { page, readCursor, writeCursor } from "../cursor.ts";
import { okJob, presentJob, presentJobSummary } from "../present-job.ts";
import { ok, problems, route } from "../route.ts";

const list = "jobs";
const logs = "jobLogs";

/** For whoever made a job and wants to know what became of it. */
export const getJobRoute = route({
  method: "GET",
  url: "/jobs/:jobId",
  role: "viewer",
  summary: "Read a job",
  description: "With `waitSeconds` it answers when the job has ended, or after the wait as the job then is.",
  params: JobPath,
  query: JobWait,
  answers: { 200: Job, ...problems("NOT_FOUND") },
  async handle({ actor, params, query, context }) {
    return okJob(await awaitJob(context, actor, params.jobId, (query.waitSeconds ?? 0) * 1000));
  },
});

/** For operators who want a job to stop. */
export const cancelJobRoute = route({
  method: "POST",
  url: "/jobs/:jobId/_cancel",
  role: "operator",
  summary: "Cancel a job",
  description:
    "A job that does not run has ended when this answers: FAILED, with the code CANCELLED. One that runs is told to stop, and ends within ten seconds.",
  params: JobPath,
  body: closed({}),
  answers: { 200: Job, ...problems("NOT_FOUND", "CONFLICT") },
  async handle({ actor, params, context }) {
    return ok(presentJob(await cancelJob(context, actor, params.jobId)));
  },
});

/** For operators who have removed what made a job fail. */
export const rerunJobRoute = route({
  method: "POST",
  url: "/jobs/:jobId/_rerun",
  role: "operator",
  summary: "Make a new job of one that has ended",
  description:
    "With the type, options and frozen params of the first; params that are given lie shallowly over them. Giving params to a job that refers to a secret needs the role `editor`.",
  params: JobPath,
  body: RerunJob,
  answers: { 200: JobCreated, ...problems("NOT_FOUND", "CONFLICT", "RATE_LIMITED") },
  async handle({ actor, params, body, context }) {
    return ok({ jobId: await rerunJob(context, actor, params.jobId, body.params) });
  },
});

/** For people who ask why a job took several tries. */
export const listAttemptsRoute = route({
  method: "GET",
  url: "/jobs/:jobId/attempts",
  role: "viewer",
  summary: "List the runs of a job",
  description: "In their order. Runs that were lost with their node, or handed back by it, use up no attempt.",
  params: JobPath,
  answers: { 200: AttemptList, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    return ok({ attempts: await listAttempts(context, actor, params.jobId) });
  },
});

/** For people who read, or follow, what a job tells. */
export const listJobLogsRoute = route({
  method: "GET",
  url: "/jobs/:jobId/logs",
  role: "viewer",
  summary: "Read the log of a job",
  description:
    "The lines of all its runs in their order. To follow a running job, ask again with `after`: the `seq` of the last line that came. A `cursor` goes before `after`.",
  params: JobPath,
  query: LogQuery,
  answers: { 200: LogList, ...problems("NOT_FOUND") },
  async handle({ actor, params, query, context }) {
    const limit = query.limit ?? 50;
    const after = readCursor(logs, query.cursor, "^[0-9]{1,10}$") ?? query.after ?? 0;
    const found = await listJobLogs(context, actor, params.jobId, Number(after), limit + 1);
    const { items, nextCursor } = page(logs, found, limit, (line) => String(line.seq));
    return ok({ logs: items, nextCursor });
  },
});

/** For people who look for a job, or watch the queue. */
export const listJobsRoute = route({
  method: "GET",
  url: "/jobs",
  role: "viewer",
  summary: "List jobs, newest first",
  description:
    "A page looks through a bounded number of jobs. With filters that few jobs match it may hold fewer jobs than `limit`, or none, and still have a `nextCursor`: go on until that is null. `jobDefinitionCode` means the definition that has the code now; a deleted one while no other has its code.",
  query: JobQuery,
  answers: { 200: JobList },
  async handle({ actor, query, context }) {
    const limit = query.limit ?? 50;
    const filter = {
      status: query.status ?? null,
      phase: query.phase ?? null,
      jobType: query.jobType ?? null,
      jobDefinitionCode: query.jobDefinitionCode ?? null,
      trigger: query.trigger ?? null,
      createdAfter: query.createdAfter === undefined ? null : new Date(query.createdAfter),
      createdBefore: query.createdBefore === undefined ? null : new Date(query.createdBefore),
    };
    const found = await listJobs(context, actor, filter, readPosition(query.cursor), limit + 1);
    const { items, nextCursor } = page(list, found.jobs, limit, (job) => job.jobId);
    const next = found.reached === null ? nextCursor : writeCursor(list, found.reached);
    return ok({ jobs: items.map(presentJobSummary), nextCursor: next });
  },
});

function readPosition(cursor: string | undefined): JobKey | null {
  const jobId = readCursor(list, cursor, jobIdPattern);
  if (jobId === undefined) return null;
  const key = parseJobId(jobId);
  if (!key) throw invalidOutsideBody([{ path: "/cursor", message: "query parameter cursor: names no job" }]);
  return key;
}
