import type { Sql } from "../sql.ts";

/** Locks a secret until the transaction ends. @returns its hosts; undefined where there is none */
export async function lockSecret(
  sql: Sql,
  customerCode: string,
  secretCode: string,
): Promise<{ readonly hosts: readonly string[] | null } | undefined> {
  const [row] = await sql<{ hosts: string[] | null }>`
    select hosts from secret where customer_code = ${customerCode} and secret_code = ${secretCode} for update`;
  return row;
}
