import type { Actor } from "../model/actor.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { listDefinitions } from "../store/job-definitions/list-definitions.ts";
import type { Context } from "./context.ts";
import { readPatiently } from "./steps/read-patiently.ts";

/** Lists definitions by code, from behind `after`. @throws ApiError UNAVAILABLE */
export async function listJobDefinitions(
  context: Context,
  actor: Actor,
  after: string | null,
  limit: number,
): Promise<JobDefinition[]> {
  return readPatiently(context.database, (sql) => listDefinitions(sql, actor.customerCode, after, limit));
}
