import type { Role } from "../../model/roles.ts";
import type { User } from "../../model/user.ts";
import type { Sql } from "../sql.ts";
import { toUser, type UserRow } from "./user-row.ts";

/**
 * Writes a new person.
 *
 * @returns undefined where the customer has a person with that address, in whatever case.
 */
export async function insertUser(
  sql: Sql,
  customerCode: string,
  user: { userId: string; email: string; name: string; role: Role },
): Promise<User | undefined> {
  const [row] = await sql<UserRow>`
    insert into app_user (user_id, customer_code, email, name, role)
    values (${user.userId}::uuid, ${customerCode}, ${user.email}, ${user.name}, ${user.role})
    on conflict do nothing
    returning user_id, email, name, role, created_at, updated_at`;
  return row && toUser(row);
}
