import type { Sql } from "../sql.ts";

/** Whether a job is still held under the given claim; if so nobody takes it from its node until the transaction ends. */
export async function holdsClaim(sql: Sql, id: string, claim: string): Promise<boolean> {
  const rows = await sql`
    select from job_queue where id = ${id}::uuid and claim = ${claim}::uuid for no key update`;
  return rows.length > 0;
}
