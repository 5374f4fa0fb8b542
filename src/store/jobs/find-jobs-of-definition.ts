import { type JobKey, lastUuid } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";
import { type CandidateRow, type JobCandidates, mostCandidates, toCandidates } from "./job-candidates.ts";
import type { JobFilter } from "./job-filter.ts";

/** The same among the jobs of one definition, which has an index of its own. */
export async function findJobsOfDefinition(
  sql: Sql,
  customerCode: string,
  definitionId: string,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobCandidates> {
  const rows = await sql<CandidateRow>`
    select day, id, matches, place from (
      select s.day, s.id, row_number() over (order by s.day desc, s.id desc) as place,
             (${filter.status}::text is null or s.status = ${filter.status})
             and (${filter.phase}::text is null or (s.status = 'STARTED') = (${filter.phase} <> 'DONE'))
             and (${filter.jobType}::text is null or s.job_type = ${filter.jobType})
             and (${filter.jobDefinitionCode}::text is null or s.job_definition_code = ${filter.jobDefinitionCode})
             and (${filter.trigger}::text is null or s.trigger_kind = ${filter.trigger})
             and s.created_at >= coalesce(${filter.createdAfter}::timestamptz + interval '1 millisecond', '-infinity')
             and s.created_at < coalesce(${filter.createdBefore}::timestamptz, 'infinity') as matches
        from (
          select j.day, j.id, j.status, j.job_type, j.job_definition_code, j.trigger_kind, j.created_at
            from job j
           where j.definition_id = ${definitionId}::uuid and j.customer_code = ${customerCode}
             and (j.day, j.id) < (${before?.day ?? "infinity"}::date, ${before?.id ?? lastUuid}::uuid)
             and j.day >= (coalesce(${filter.createdAfter}::timestamptz, '-infinity') at time zone 'UTC')::date
             and j.day <= (coalesce(${filter.createdBefore}::timestamptz, 'infinity') at time zone 'UTC')::date
           order by j.day desc, j.id desc
           limit ${mostCandidates}
        ) s
    ) looked_at
     where matches or place = ${mostCandidates}
     order by place
     limit ${limit}`;
  return toCandidates(rows);
}
