import type { JsonText } from "../../model/job.ts";
import type { GivenJobOptions } from "../../model/job-options.ts";
import type { Sql } from "../sql.ts";

/** What a firing must know of a definition. */
export interface FiredDefinition {
  readonly definitionId: string;
  readonly customerCode: string;
  readonly jobDefinitionCode: string;
  readonly jobType: string;
  readonly options: GivenJobOptions;
  readonly schedule: JsonText | null;
  readonly savedBy: string | null;
  readonly paused: boolean;
  /** Bytes that a copy of the params takes, about. */
  readonly paramsBytes: number;
}

/** Reads definitions without their params, which may be large: they are copied inside the database. */
export async function readFiredDefinitions(sql: Sql, definitionIds: readonly string[]): Promise<FiredDefinition[]> {
  return sql<FiredDefinition>`
    select definition_id as "definitionId", customer_code as "customerCode", job_definition_code as "jobDefinitionCode", job_type as "jobType", options,
           schedule::text as schedule, schedule_saved_by as "savedBy", paused,
           pg_column_size(params) as "paramsBytes"
      from job_definition where definition_id = any (${definitionIds}::uuid[])`;
}
