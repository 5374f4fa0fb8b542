import type { Sql } from "../sql.ts";

/** Locks a definition until the transaction ends. @returns false where there is none. */
export async function lockDefinition(sql: Sql, customerCode: string, code: string): Promise<boolean> {
  const rows = await sql`
    select from job_definition where customer_code = ${customerCode} and job_definition_code = ${code} for update`;
  return rows.length === 1;
}
