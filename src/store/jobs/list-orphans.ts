import type { Sql } from "../sql.ts";

/** A child in the queue. */
export interface Orphan {
  readonly id: string;
  readonly customerCode: string;
  readonly parentId: string;
  /** Whether its parent was cancelled, or timed out while it waited, and it was not. */
  readonly orphaned: boolean;
}

/**
 * Looks at children in the queue, at most `limit`, in the order of their parents, from behind the child `after` of the parent
 * `afterParent`.
 */
export async function listOrphans(sql: Sql, afterParent: string, after: string, limit: number): Promise<Orphan[]> {
  return sql<Orphan>`
    select c.id, c.customer_code as "customerCode", c.parent_id as "parentId",
           c.cancellation is null and case
             when exists (select from job_queue p where p.id = c.parent_id)
             then exists (select from job_queue p where p.id = c.parent_id and p.cancellation is not null)
             else exists (
               select from job j
                where j.customer_code = c.customer_code and j.day = c.parent_day and j.id = c.parent_id
                  and (j.error ->> 'code' = 'CANCELLED' or j.error #>> '{details,waitTimeoutSeconds}' is not null))
           end as orphaned
      from job_queue c
     where c.parent_id is not null and (c.parent_id, c.id) > (${afterParent}::uuid, ${after}::uuid)
     order by c.parent_id, c.id
     limit ${limit}`;
}
