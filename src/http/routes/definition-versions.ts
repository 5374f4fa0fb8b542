import { getDefinitionVersion } from "../../domain/get-definition-version.ts";
import { listDefinitionVersions } from "../../domain/list-definition-versions.ts";
import {
  DefinitionVersionAnswer,
  DefinitionVersionList,
  DefinitionVersionPath,
  DefinitionVersionQuery,
} from "../../schemas/definition-versions.ts";
import { JobDefinitionPath } from "../../schemas/job-definitions.ts";
import { page, readCursor } from "../cursor.ts";
import { ok, problems, route } from "../route.ts";

const list = "definitionVersions";

/** For people who ask who changed a definition, and when. */
export const listDefinitionVersionsRoute = route({
  method: "GET",
  url: "/job-definitions/:jobDefinitionCode/versions",
  role: "viewer",
  summary: "List the saves of a job definition, newest first",
  description:
    "Saves that changed what it says: a pause raises the version and is none. The last 100 are kept, and of large definitions as many as fit into 4 MiB as they are stored; they go with the definition.",
  params: JobDefinitionPath,
  query: DefinitionVersionQuery,
  answers: { 200: DefinitionVersionList, ...problems("NOT_FOUND") },
  async handle({ actor, params, query, context }) {
    const { limit = 50, cursor } = query;
    const before = readCursor(list, cursor, "^[1-9][0-9]{0,8}$");
    const position = before === undefined ? null : Number(before);
    const found = await listDefinitionVersions(context, actor, params.jobDefinitionCode, position, limit + 1);
    const { items, nextCursor } = page(list, found, limit, ({ version }) => String(version));
    return ok({ versions: items, nextCursor });
  },
});

/** For people who compare it with what it says now, or go back to it. */
export const getDefinitionVersionRoute = route({
  method: "GET",
  url: "/job-definitions/:jobDefinitionCode/versions/:version",
  role: "viewer",
  summary: "Read what a job definition said in a version",
  description:
    "Any version may be asked for, also one that a pause made or that a job names as its `definitionVersion`: the answer is the save that it goes back to. To go back, PUT its `jobDefinition`.",
  params: DefinitionVersionPath,
  answers: { 200: DefinitionVersionAnswer, ...problems("NOT_FOUND") },
  async handle({ actor, params, context }) {
    const { jobDefinitionCode, version } = params;
    const { content, ...save } = await getDefinitionVersion(context, actor, jobDefinitionCode, Number(version));
    return ok({ version: { ...save, jobDefinition: content } });
  },
});
