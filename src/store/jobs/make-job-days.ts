import type { Sql } from "../sql.ts";

/** Makes the partitions of today and of the `ahead` days that follow; those that are there stay. */
export async function makeJobDays(sql: Sql, ahead: number): Promise<void> {
  await sql`select make_job_days(${ahead}::integer)`;
}
