import type { JsonObject } from "../../model/job.ts";
import type { JobKey } from "../../model/job-id.ts";
import type { GivenJobOptions, JobOptions } from "../../model/job-options.ts";
import type { JobStatus } from "../../model/job-state.ts";
import { readStoredOptions } from "../../model/stored-options.ts";
import type { Sql } from "../sql.ts";

/** What another run of a job begins from. */
export interface JobToRerun {
  readonly status: JobStatus;
  readonly jobType: string;
  readonly params: JsonObject;
  readonly options: JobOptions;
  /** The definition that made it, while that very one is there, in the version whose params and options these are. */
  readonly definition: { readonly id: string; readonly code: string; readonly version: number } | null;
}

/** Reads the frozen params and options of a job. */
export async function findJobToRerun(sql: Sql, customerCode: string, key: JobKey): Promise<JobToRerun | undefined> {
  const [row] = await sql<{
    status: JobStatus;
    job_type: string;
    params: JsonObject;
    options: GivenJobOptions;
    definition_id: string | null;
    code: string | null;
    version: number | null;
  }>`
    select j.status, j.job_type, j.params, j.options, d.definition_id, d.job_definition_code as code,
           j.definition_version as version
      from job j left join job_definition d on d.definition_id = j.definition_id
     where j.customer_code = ${customerCode} and j.day = ${key.day}::date and j.id = ${key.id}::uuid`;
  if (!row) return undefined;
  const { definition_id: id, code, version } = row;
  return {
    status: row.status,
    jobType: row.job_type,
    params: row.params,
    options: readStoredOptions(row.options),
    definition: id !== null && code !== null && version !== null ? { id, code, version } : null,
  };
}
