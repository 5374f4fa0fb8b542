import type { Secret } from "../../model/secret.ts";
import type { Sql } from "../sql.ts";

/** Reads one secret without its value. */
export async function findSecret(sql: Sql, customerCode: string, secretCode: string): Promise<Secret | undefined> {
  const [row] = await sql<Secret>`
    select secret_code as "secretCode", hosts, created_at as "createdAt", updated_at as "updatedAt", updated_by as "updatedBy"
      from secret where customer_code = ${customerCode} and secret_code = ${secretCode}`;
  return row;
}
