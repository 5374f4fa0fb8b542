import type { Actor } from "../model/actor.ts";
import { notFound } from "../model/api-errors.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { findDefinition } from "../store/job-definitions/find-definition.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Reads one definition. @throws ApiError NOT_FOUND, UNAVAILABLE */
export async function getJobDefinition(context: Context, actor: Actor, code: string): Promise<JobDefinition> {
  const definition = await readPatiently(context.database, (sql) => findDefinition(sql, actor.customerCode, code));
  if (!definition) throw notFound("job definition", code);
  return definition;
}
