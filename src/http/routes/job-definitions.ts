import { changeJobDefinition } from "../../domain/change-job-definition.ts";
import { createJobDefinition } from "../../domain/create-job-definition.ts";
import { deleteJobDefinition } from "../../domain/delete-job-definition.ts";
import { executeJobDefinition } from "../../domain/execute-job-definition.ts";
import { getJobDefinition } from "../../domain/get-job-definition.ts";
import { listJobDefinitions } from "../../domain/list-job-definitions.ts";
import { putJobDefinition } from "../../domain/put-job-definition.ts";
import { readLastOutcomes } from "../../domain/read-last-outcomes.ts";
import { codePattern } from "../../model/job-definition.ts";
import {
  JobDefinitionAnswer,
  JobDefinitionChange,
  JobDefinitionList,
  JobDefinitionPath,
  NewJobDefinition,
} from "../../schemas/job-definitions.ts";
import { ExecuteJobDefinition, JobCreated } from "../../schemas/jobs.ts";
import { closed, Page } from "../../schemas/primitives.ts";
import { page, readCursor } from "../cursor.ts";
import { readIdempotencyKey } from "../idempotency-key.ts";
import { readIfMatch } from "../if-match.ts";
import { answerDefinition, presentJobDefinition } from "../present-job-definition.ts";
import { created, NoBody, noContent, ok, problems, route } from "../route.ts";

const list = "jobDefinitions";
/** The original has no paging: a caller that names neither limit nor cursor gets this many. */
const unpaged = 1000;

/** For editors who add a job to their set. */
export const createJobDefinitionRoute = route({
  method: "POST",
  url: "/job-definitions",
  role: "editor",
  summary: "Create a job definition",
  body: NewJobDefinition,
  answers: { 201: JobDefinitionAnswer, ...problems("CONFLICT") },
  async handle({ actor, body, context }) {
    const definition = await createJobDefinition(context, actor, body.jobDefinition);
    return created(...(await answerDefinition(context, definition)));
  },
});

/** For people and programs that look what there is; without page parameters all of it, as Conscia's clients expect. */
export const listJobDefinitionsRoute = route({
  method: "GET",
  url: "/job-definitions",
  role: "viewer",
  summary: "List job definitions",
  query: closed(Page),
  answers: { 200: JobDefinitionList },
  async handle({ actor, query, context }) {
    const after = readCursor(list, query.cursor, codePattern);
    const limit = query.limit ?? (after === undefined ? unpaged : 50);
    const found = await listJobDefinitions(context, actor, after ?? null, limit + 1);
    const { items, nextCursor } = page(list, found, limit, (definition) => definition.jobDefinitionCode);
    const outcomes = await readLastOutcomes(
      context,
      items.map((one) => one.id),
    );
    return ok({
      jobDefinitions: items.map((one) => presentJobDefinition(one, outcomes.get(one.id) ?? [], context.jobTypes)),
      nextCursor,
    });
  },
});

/** For editors before they change it: its version is in `ETag`. */
export const getJobDefinitionRoute = route({
  method: "GET",
  url: "/job-definitions/:jobDefinitionCode",
  role: "viewer",
  summary: "Read a job definition",
  params: JobDefinitionPath,
  answers: { 200: JobDefinitionAnswer, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    return ok(...(await answerDefinition(context, await getJobDefinition(context, actor, params.jobDefinitionCode))));
  },
});

/** For editors who change some fields and keep the others. */
export const changeJobDefinitionRoute = route({
  method: "PATCH",
  url: "/job-definitions/:jobDefinitionCode",
  role: "editor",
  summary: "Change a job definition",
  description:
    "Absent fields stay. `params` is replaced as a whole; `schedule` and `options` merge one level deep, where null means the default. Jobs already made do not change.",
  params: JobDefinitionPath,
  body: JobDefinitionChange,
  answers: { 200: JobDefinitionAnswer, ...problems("NOT_FOUND", "PRECONDITION_FAILED") },
  async handle({ actor, params, body, context, header }) {
    const ifMatch = readIfMatch(header("if-match"));
    const definition = await changeJobDefinition(context, actor, params.jobDefinitionCode, body.jobDefinition, ifMatch);
    return ok(...(await answerDefinition(context, definition)));
  },
});

/** For deployments that keep definitions in a repository and apply them again and again. */
export const putJobDefinitionRoute = route({
  method: "PUT",
  url: "/job-definitions/:jobDefinitionCode",
  role: "editor",
  summary: "Create or replace a job definition",
  params: JobDefinitionPath,
  body: NewJobDefinition,
  answers: { 200: JobDefinitionAnswer, 201: JobDefinitionAnswer, ...problems("PRECONDITION_FAILED", "CONFLICT") },
  async handle({ actor, params, body, context, header }) {
    const ifMatch = readIfMatch(header("if-match"));
    const put = await putJobDefinition(context, actor, params.jobDefinitionCode, body.jobDefinition, ifMatch);
    return (put.outcome === "created" ? created : ok)(...(await answerDefinition(context, put.definition)));
  },
});

/** For editors who no longer need it. */
export const deleteJobDefinitionRoute = route({
  method: "DELETE",
  url: "/job-definitions/:jobDefinitionCode",
  role: "editor",
  summary: "Delete a job definition",
  description: "Its schedule stops; its jobs run on and stay readable; the code is free.",
  params: JobDefinitionPath,
  answers: { 204: NoBody, ...problems("NOT_FOUND", "PRECONDITION_FAILED") },
  async handle({ actor, params, context, header }) {
    await deleteJobDefinition(context, actor, params.jobDefinitionCode, readIfMatch(header("if-match")));
    return noContent();
  },
});

/** For programs that run a prepared job now, or at `runAt`. */
export const executeJobDefinitionRoute = route({
  method: "POST",
  url: "/job-definitions/:jobDefinitionCode/_execute",
  role: "operator",
  summary: "Create a job from a job definition",
  description:
    "Params that are given lie shallowly over the definition's. Giving params to a job that refers to a secret needs the role `editor`.",
  params: JobDefinitionPath,
  body: ExecuteJobDefinition,
  answers: { 200: JobCreated, ...problems("NOT_FOUND", "CONFLICT", "RATE_LIMITED") },
  async handle({ actor, params, body, context, path, header }) {
    const jobId = await executeJobDefinition(context, actor, {
      jobDefinitionCode: params.jobDefinitionCode,
      params: body.params,
      priority: body.priority,
      runAt: body.runAt === undefined ? undefined : new Date(body.runAt),
      idempotencyKey: readIdempotencyKey(header("idempotency-key"), path, body),
    });
    return ok({ jobId });
  },
});
