import type { Sql } from "../sql.ts";

/**
 * Puts the unfinished jobs of a definition, or of a customer (of one type or all), under a limit that has just been set. Those
 * that are ready wait for admission again; those that run count from now on.
 *
 * @param whose `definitionId`, or null for all of the customer; `jobType`, or null for every type
 */
export async function limitJobs(
  sql: Sql,
  customerCode: string,
  whose: { definitionId: string | null; jobType: string | null },
): Promise<void> {
  await sql`
    update job_queue
       set limited = true, state = case when state = 'ready' then 'blocked' else state end
     where customer_code = ${customerCode} and (not limited or state = 'ready')
       and (${whose.definitionId}::uuid is null or definition_id = ${whose.definitionId}::uuid)
       and (${whose.jobType}::text is null or job_type = ${whose.jobType})`;
}
