import type { Secret } from "../../model/secret.ts";
import type { Sql } from "../sql.ts";

/** Lists a customer's secrets by code, from behind `after`; their values are not read. */
export async function listSecrets(
  sql: Sql,
  customerCode: string,
  after: string | null,
  limit: number,
): Promise<Secret[]> {
  return sql<Secret>`
    select secret_code as "secretCode", hosts, created_at as "createdAt", updated_at as "updatedAt", updated_by as "updatedBy"
      from secret
     where customer_code = ${customerCode} and secret_code > ${after ?? ""}
     order by secret_code limit ${limit}`;
}
