import type { Sql } from "../sql.ts";

/** Lets go of a file that a job has taken. */
export async function releaseFile(sql: Sql, bucketId: string, filename: string, jobId: string): Promise<void> {
  await sql`
    update bucket_file set held_by = null
     where bucket_id = ${bucketId}::uuid and filename = ${filename} and held_by = ${jobId}::uuid`;
}
