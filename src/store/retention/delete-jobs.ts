import type { Sql } from "../sql.ts";
import type { JobPosition } from "./list-expired-jobs.ts";

/** Removes ended jobs of a day with their runs, children and results; their logs have gone before. */
export async function deleteJobs(sql: Sql, day: string, jobs: readonly JobPosition[]): Promise<void> {
  await sql`
    with gone as (
      select * from unnest(${jobs.map((job) => job.customerCode)}::text[], ${jobs.map((job) => job.id)}::uuid[])
                    as g (customer_code, id)
    ), runs as (
      delete from job_attempt a using gone g where a.day = ${day}::date and a.job_id = g.id
    ), children as (
      delete from job_child c using gone g where c.day = ${day}::date and c.parent_id = g.id
    ), results as (
      delete from job_result r using gone g where r.day = ${day}::date and r.id = g.id
    )
    delete from job j using gone g
     where j.customer_code = g.customer_code and j.day = ${day}::date and j.id = g.id and j.status <> 'STARTED'`;
}
