import { type JobKey, lastUuid } from "../../model/job-id.ts";
import { statesOfPhase } from "../../model/job-state.ts";
import type { Sql } from "../sql.ts";
import { type CandidateRow, type JobCandidates, mostCandidates, toCandidates } from "./job-candidates.ts";
import type { JobFilter } from "./job-filter.ts";

/** The same among the customer's unfinished jobs, of which the queue knows all: history may be long, and they few. */
export async function findUnfinishedJobs(
  sql: Sql,
  customerCode: string,
  filter: JobFilter,
  before: JobKey | null,
  limit: number,
): Promise<JobCandidates> {
  const { first, later } = statesOfPhase(filter.phase);
  const rows = await sql<CandidateRow>`
    select day, id, matches, place from (
      select s.day, s.id, row_number() over (order by s.day desc, s.id desc) as place,
             s.state = any (case when s.attempts_used = 0 then ${first}::text[] else ${later}::text[] end)
             and (${filter.jobType}::text is null or s.job_type = ${filter.jobType})
             and (${filter.jobDefinitionCode}::text is null or s.job_definition_code = ${filter.jobDefinitionCode})
             and (${filter.trigger}::text is null or s.trigger_kind = ${filter.trigger})
             and s.created_at >= coalesce(${filter.createdAfter}::timestamptz + interval '1 millisecond', '-infinity')
             and s.created_at < coalesce(${filter.createdBefore}::timestamptz, 'infinity') as matches
        from (
          select q.day, q.id, q.state, q.attempts_used, q.job_type, q.job_definition_code, q.trigger_kind, q.created_at
            from job_queue q
           where q.customer_code = ${customerCode}
             and (q.day, q.id) < (${before?.day ?? "infinity"}::date, ${before?.id ?? lastUuid}::uuid)
           order by q.day desc, q.id desc
           limit ${mostCandidates}
        ) s
    ) looked_at
     where matches or place = ${mostCandidates}
     order by place
     limit ${limit}`;
  return toCandidates(rows);
}
