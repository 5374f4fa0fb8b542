import type { JsonObject } from "../../model/job.ts";
import type { JobDefinition } from "../../model/job-definition.ts";
import { formatJobId } from "../../model/job-id.ts";
import type { GivenJobOptions } from "../../model/job-options.ts";
import type { JobStatus } from "../../model/job-state.ts";
import type { GivenSchedule } from "../../model/schedule.ts";

/** A definition's columns, with its newest job. */
export interface DefinitionRow {
  definition_id: string;
  job_definition_code: string;
  job_type: string;
  name: string;
  description: string;
  params: JsonObject;
  options: GivenJobOptions;
  schedule: GivenSchedule | null;
  paused: boolean;
  paused_reason: string | null;
  paused_by: string | null;
  next_fire_at: Date | null;
  version: number;
  created_at: Date;
  updated_at: Date;
  updated_by: string | null;
  last_day: string | null;
  last_id: string | null;
  last_status: JobStatus | null;
  last_finished_at: Date | null;
}

/** Reads a definition from its row. */
export function toDefinition(row: DefinitionRow): JobDefinition {
  const { last_day: day, last_id: id, last_status: status } = row;
  const hasRun = day !== null && id !== null && status !== null;
  return {
    id: row.definition_id,
    jobDefinitionCode: row.job_definition_code,
    jobType: row.job_type,
    name: row.name,
    description: row.description,
    schedule: row.schedule,
    params: row.params,
    options: row.options,
    paused: row.paused,
    pausedReason: row.paused_reason,
    pausedBy: row.paused_by,
    version: row.version,
    nextFireAt: row.next_fire_at,
    lastJob: hasRun ? { jobId: formatJobId({ day, id }), status, finishedAt: row.last_finished_at } : null,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  };
}
