import type { Sql } from "../sql.ts";

/** A result that is too large for its job's row, compressed. */
export interface StoredResult {
  readonly day: string;
  readonly id: string;
  readonly gzip: Uint8Array;
}

/** Writes a large result; in the transaction that ends its job, which says whether the claim was still good. */
export async function insertJobResult(sql: Sql, { day, id, gzip }: StoredResult): Promise<void> {
  await sql`insert into job_result (day, id, gzip) values (${day}::date, ${id}::uuid, ${gzip}::bytea)`;
}
