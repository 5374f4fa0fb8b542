import type { Context, JobTypeCatalogue } from "../domain/context.ts";
import { readLastOutcomes } from "../domain/read-last-outcomes.ts";
import type { JobDefinition } from "../model/job-definition.ts";
import { resolveJobOptions } from "../model/job-options.ts";
import type { SettledOutcome } from "../model/occurrence.ts";
import { resolveSchedule } from "../model/schedule.ts";

/** Where a definition's type is not installed here, its time limit is told as this. */
const unknownTypeTimeoutSeconds = 300;

/** A definition as the API answers it: with every default filled in. */
export function presentJobDefinition(
  definition: JobDefinition,
  lastOutcomes: readonly SettledOutcome[],
  jobTypes: JobTypeCatalogue,
): object {
  const type = jobTypes.find(definition.jobType);
  const { jobDefinitionCode, jobType, name, description, paused, pausedReason, pausedBy, params } = definition;
  return {
    jobDefinitionCode,
    jobType,
    name,
    description,
    schedule: definition.schedule && resolveSchedule(definition.schedule),
    paused,
    pausedReason,
    pausedBy,
    params,
    options: resolveJobOptions(definition.options, type?.defaults.timeoutSeconds ?? unknownTypeTimeoutSeconds),
    version: definition.version,
    nextFireAt: definition.nextFireAt,
    lastJob: definition.lastJob,
    lastOutcomes,
    createdAt: definition.createdAt,
    updatedAt: definition.updatedAt,
    updatedBy: definition.updatedBy,
  };
}

/** The body and headers of an answer that is one definition. */
export async function answerDefinition(
  context: Context,
  definition: JobDefinition,
): Promise<[object, Record<string, string>]> {
  const outcomes = await readLastOutcomes(context, [definition.id]);
  const shown = presentJobDefinition(definition, outcomes.get(definition.id) ?? [], context.jobTypes);
  return [{ jobDefinition: shown }, etagOf(definition)];
}

/** The strong validator of a definition (RFC 9110, section 8.8.3). */
function etagOf(definition: JobDefinition): Record<string, string> {
  return { etag: `"${definition.version}"` };
}
