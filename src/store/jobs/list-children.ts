import type { JobKey } from "../../model/job-id.ts";
import type { JobStatus } from "../../model/job-state.ts";
import type { Sql } from "../sql.ts";

/** A child of a job. */
export interface Child extends JobKey {
  readonly step: string;
  /** null: its record is gone, because it ended longer ago than jobs are kept. */
  readonly status: JobStatus | null;
}

/** Lists all children that a job has started. */
export async function listChildren(sql: Sql, customerCode: string, parent: JobKey): Promise<Child[]> {
  return sql<Child>`
    select c.step, c.child_day as day, c.child_id as id, j.status
      from job_child c left join job j
        on j.customer_code = ${customerCode} and j.day = c.child_day and j.id = c.child_id
     where c.day = ${parent.day}::date and c.parent_id = ${parent.id}::uuid`;
}
