import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/**
 * Makes a job that the same transaction has inserted the child of another, under a step.
 *
 * Apart from the insertion, because jobs that are nobody's child are most of all, and should pay nothing for this.
 */
export async function adoptChild(
  sql: Sql,
  customerCode: string,
  parent: JobKey & { depth: number },
  step: string,
  child: JobKey,
): Promise<void> {
  await sql`
    with queued as (
      update job_queue set parent_day = ${parent.day}::date, parent_id = ${parent.id}::uuid, depth = ${parent.depth + 1}
       where id = ${child.id}::uuid
    ), told as (
      update job set parent_day = ${parent.day}::date, parent_id = ${parent.id}::uuid
       where customer_code = ${customerCode} and day = ${child.day}::date and id = ${child.id}::uuid
    )
    insert into job_child (day, parent_id, step, child_day, child_id)
    values (${parent.day}::date, ${parent.id}::uuid, ${step}, ${child.day}::date, ${child.id}::uuid)`;
}
