import type { Actor } from "../../model/actor.ts";
import { conflict } from "../../model/api-errors.ts";
import type { Sql } from "../../store/sql.ts";
import { lockAdmins } from "../../store/users/lock-admins.ts";

/** A customer without an admin could not let anybody in again. @throws ApiError CONFLICT where that person is the last one */
export async function requireOtherAdmin(sql: Sql, actor: Actor, userId: string): Promise<void> {
  const admins = await lockAdmins(sql, actor.customerCode);
  if (admins.length === 1 && admins[0] === userId) {
    throw conflict("This is the customer's last admin; make somebody else an admin first.");
  }
}
