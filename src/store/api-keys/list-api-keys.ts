import type { ApiKey } from "../../model/api-key.ts";
import type { Sql } from "../sql.ts";

/** Lists a customer's keys by id, from behind `after`. */
export async function listApiKeys(
  sql: Sql,
  customerCode: string,
  after: string | null,
  limit: number,
): Promise<ApiKey[]> {
  return sql<ApiKey>`
    select k.api_key_id as "apiKeyId", k.name, k.role, u.email as "userEmail", k.expires_at as "expiresAt",
           k.last_used_at as "lastUsedAt", k.created_at as "createdAt", k.created_by as "createdBy"
      from api_key k join app_user u using (user_id)
     where k.customer_code = ${customerCode} and k.api_key_id > ${after ?? ""}
     order by k.api_key_id limit ${limit}`;
}
