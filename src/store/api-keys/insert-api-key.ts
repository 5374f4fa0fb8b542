import type { Role } from "../../model/roles.ts";
import type { Sql } from "../sql.ts";

/** Writes a key; its secret only as a hash. @returns when it was made. */
export async function insertApiKey(
  sql: Sql,
  customerCode: string,
  key: {
    apiKeyId: string;
    userId: string;
    name: string;
    role: Role;
    secretHash: Uint8Array;
    expiresAt: Date | null;
    createdBy: string;
  },
): Promise<Date> {
  const [row] = await sql<{ created_at: Date }>`
    insert into api_key (api_key_id, customer_code, user_id, name, role, secret_hash, expires_at, created_by)
    values (${key.apiKeyId}, ${customerCode}, ${key.userId}::uuid, ${key.name}, ${key.role}, ${key.secretHash},
            ${key.expiresAt}, ${key.createdBy})
    returning created_at`;
  if (!row) throw new Error("an insert answered no row");
  return row.created_at;
}
