import type { Role } from "../../model/roles.ts";
import type { User } from "../../model/user.ts";
import type { Sql } from "../sql.ts";
import { toUser, type UserRow } from "./user-row.ts";

/** Changes a person's name or role; null keeps. */
export async function updateUser(
  sql: Sql,
  customerCode: string,
  userId: string,
  change: { name: string | null; role: Role | null },
): Promise<User | undefined> {
  const [row] = await sql<UserRow>`
    update app_user
       set name = coalesce(${change.name}, name), role = coalesce(${change.role}, role), updated_at = app_now()
     where customer_code = ${customerCode} and user_id = ${userId}::uuid
    returning user_id, email, name, role, created_at, updated_at`;
  return row && toUser(row);
}
