import { findJobs, getJob } from "../../domain/read-jobs.ts";
import { invalid } from "../../model/errors.ts";
import { type JobKey, jobIdPattern, parseJobId } from "../../model/job-id.ts";
import { Job, JobList, JobPath, JobQuery } from "../../schemas/jobs.ts";
import { page, readCursor } from "../cursor.ts";
import { presentJob, presentJobSummary } from "../present-job.ts";
import { ok, problems, route } from "../route.ts";

const list = "jobs";

export const getJobRoute = route({
  method: "GET",
  url: "/jobs/:jobId",
  role: "viewer",
  summary: "Read a job",
  params: JobPath,
  answers: { 200: Job, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    return ok(presentJob(await getJob(context, actor, params.jobId)));
  },
});

export const listJobsRoute = route({
  method: "GET",
  url: "/jobs",
  role: "viewer",
  summary: "List jobs, newest first",
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
    const found = await findJobs(context, actor, filter, readPosition(query.cursor), limit + 1);
    const { items, nextCursor } = page(list, found, limit, (job) => job.jobId);
    return ok({ jobs: items.map(presentJobSummary), nextCursor });
  },
});

function readPosition(cursor: string | undefined): JobKey | null {
  const jobId = readCursor(list, cursor, jobIdPattern);
  if (jobId === undefined) return null;
  const key = parseJobId(jobId);
  if (!key) throw invalid([{ path: "/cursor", message: "query parameter cursor: names no job" }]);
  return key;
}
