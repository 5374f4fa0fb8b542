import type { Sql } from "../sql.ts";

/** Removes a secret. @returns false where there is none. */
export async function deleteSecret(sql: Sql, customerCode: string, secretCode: string): Promise<boolean> {
  const rows = await sql`
    delete from secret where customer_code = ${customerCode} and secret_code = ${secretCode} returning secret_code`;
  return rows.length === 1;
}
