import type { JobTypeInfo } from "../../domain/context.ts";
import { executeJobType } from "../../domain/execute-job-type.ts";
import { notFound } from "../../model/api-errors.ts";
import { jobTypeCodePattern } from "../../model/job.ts";
import { JobTypeAnswer, JobTypeList, JobTypePath } from "../../schemas/job-types.ts";
import { ExecuteJobType, JobCreated } from "../../schemas/jobs.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { page, readCursor } from "../cursor.ts";
import { readIdempotencyKey } from "../idempotency-key.ts";
import { ok, problems, route } from "../route.ts";

const list = "jobTypes";
/** The original has no paging: a caller that names neither limit nor cursor gets this many. */
const unpaged = 1000;

/** For forms and programs that ask what jobs this node can run. */
export const listJobTypesRoute = route({
  method: "GET",
  url: "/job-types",
  role: "viewer",
  summary: "List job types",
  query: closed(Page),
  answers: { 200: JobTypeList },
  async handle({ query, context }) {
    const after = readCursor(list, query.cursor, jobTypeCodePattern);
    const limit = query.limit ?? (after === undefined ? unpaged : 50);
    const types = context.jobTypes
      .list()
      .filter((type) => after === undefined || type.code > after)
      .slice(0, limit + 1);
    const { items, nextCursor } = page(list, types, limit, (type) => type.code);
    return ok({ jobTypes: items.map(presentJobType), nextCursor });
  },
});

/** For forms that need one type's schemas. */
export const getJobTypeRoute = route({
  method: "GET",
  url: "/job-types/:jobTypeCode",
  role: "viewer",
  summary: "Read a job type",
  params: JobTypePath,
  answers: { 200: JobTypeAnswer, ...problems("NOT_FOUND") },
  async handle({ params, context }) {
    const type = context.jobTypes.find(params.jobTypeCode);
    if (!type) throw notFound("job type", params.jobTypeCode);
    return ok({ jobType: presentJobType(type) });
  },
});

/** For programs that run something once and need no definition for it. */
export const executeJobTypeRoute = route({
  method: "POST",
  url: "/job-types/:jobTypeCode/_execute",
  role: "operator",
  summary: "Create a job straight from a job type",
  description: "Answers as soon as the job is durable. Params that refer to a secret need the role `editor`.",
  params: JobTypePath,
  body: ExecuteJobType,
  answers: { 200: JobCreated, ...problems("NOT_FOUND", "CONFLICT", "RATE_LIMITED") },
  async handle({ actor, params, body, context, path, header }) {
    const jobId = await executeJobType(context, actor, {
      jobTypeCode: params.jobTypeCode,
      params: body.params ?? {},
      options: body.options,
      priority: body.priority,
      runAt: body.runAt === undefined ? undefined : new Date(body.runAt),
      idempotencyKey: readIdempotencyKey(header("idempotency-key"), path, body),
    });
    return ok({ jobId });
  },
});

function presentJobType(type: JobTypeInfo): object {
  const { code, name, description, paramsSchema, resultSchema, defaults } = type;
  return { jobTypeCode: code, name, description, paramsSchema, resultSchema, defaults };
}
