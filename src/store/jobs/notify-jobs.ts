import type { Sql } from "../sql.ts";

/** The channel on which every node hears that jobs are ready. */
export const jobChannel = "punctual_jobs";

/** Tells the other nodes that jobs may be ready. */
export async function notifyJobs(sql: Sql, nodeId: string): Promise<void> {
  await sql`select pg_notify(${jobChannel}, ${nodeId})`;
}
