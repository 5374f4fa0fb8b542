import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/errors.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import { listDefinitions } from "../store/job-definitions/list-definitions.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./read-patiently.ts";

/** Reads one definition. @throws ApiError NOT_FOUND */
export async function getJobDefinition(context: Context, actor: Actor, code: string): Promise<JobDefinition> {
  const definition = await readPatiently(context.database, (sql) => findDefinition(sql, actor.customerCode, code));
  if (!definition) throw notFound("job definition", code);
  return definition;
}

/** Lists definitions by code, from behind `after`. */
export async function findJobDefinitions(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<JobDefinition[]> {
  return readPatiently(context.database, (sql) => listDefinitions(sql, actor.customerCode, after, limit));
}
