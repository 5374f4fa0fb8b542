import type { Actor } from "../model/actor.ts";
import { conflict } from "../model/api-errors.ts";
import type { Role } from "../model/roles.ts";
import type { User } from "../model/user.ts";
import { insertUser } from "../store/users/insert-user.ts";
import type { Context } from "./context.ts";
import { inTransaction } from "./steps/in-transaction.ts";
import { recordAudit } from "./steps/record-audit.ts";

/** An address may be longer than a name. */
const longestName = 200;

/** Adds a person. @throws ApiError CONFLICT where the address is taken */
export async function createUser(
  context: Context,
  actor: Actor,
  given: { email: string; name?: string | undefined; role: Role },
): Promise<User> {
  return inTransaction(context.database, async (sql) => {
    const user = await insertUser(sql, actor.customerCode, {
      userId: context.clock.newId(),
      email: given.email,
      name: given.name ?? given.email.slice(0, longestName),
      role: given.role,
    });
    if (!user) throw conflict(`There is a user with the address ${given.email} already.`);
    await recordAudit(sql, context.clock, actor, "user.create", user.userId, { email: user.email, role: user.role });
    return user;
  });
}
