import type { JobKey } from "../../model/job-id.ts";
import type { Sql } from "../sql.ts";

/** Reads a result that is stored apart, compressed; undefined where it has gone with its day. */
export async function findJobResult(sql: Sql, key: JobKey): Promise<Uint8Array | undefined> {
  const [row] = await sql<{ gzip: Uint8Array }>`
    select gzip from job_result where day = ${key.day}::date and id = ${key.id}::uuid`;
  return row?.gzip;
}
