import type { JobKey } from "../../model/job-id.ts";
import type { JobLogLine } from "../../model/job-report.ts";
import type { Sql } from "../sql.ts";

/** Lists lines of a job's log in their order, from behind the line `after`; none where the customer has no such job. */
export async function listJobLogs(
  sql: Sql,
  customerCode: string,
  key: JobKey,
  after: number,
  limit: number,
): Promise<JobLogLine[]> {
  return sql<JobLogLine>`
    select l.seq, l.at, l.run, l.level, l.message
      from job_log l
     where l.day = ${key.day}::date and l.job_id = ${key.id}::uuid and l.seq > ${after}::integer
       and exists (select from job j
                    where j.customer_code = ${customerCode} and j.day = ${key.day}::date and j.id = ${key.id}::uuid)
     order by l.seq
     limit ${limit}`;
}
